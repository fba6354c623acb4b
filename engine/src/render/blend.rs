//! How what is drawn is mixed with what lies below it.

use crate::component::choice;

choice! {
    /// How the colours of a thing are mixed with what lies below it.
    #[derive(Default)]
    pub enum Blend {
        /// By its opacity: it covers.
        #[default]
        Alpha = "alpha",
        /// Added: light on light.
        Add = "add",
        /// Multiplied: a shadow, or coloured glass.
        Multiply = "multiply",
    }
}
