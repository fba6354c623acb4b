//! Keyboard, mouse and window events: what happened, and the state that follows from it.
//!
//! Owns [`InputEvent`], plain data that a record can hold, and [`Input`], the state that scripts
//! ask. Runs first in a tick: `begin_tick`, then each event of the tick's poll is applied. The state
//! derives from events alone, so the same events give the same state, from a keyboard or a record.
//! Knows no SDL: where events come from is an [`InputSource`] of `platform`.

mod key;
mod mouse;
mod state;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use key::Key;
pub use mouse::MouseButton;
pub use state::Input;

use crate::nearest::did_you_mean;
use crate::ui::{Response, Wants, WidgetId};

/// Where input comes from: a window, a record, a test.
pub trait InputSource {
    /// Appends what happened since the last poll, oldest first. Never waits.
    fn poll(&mut self, into: &mut Vec<InputEvent>);

    /// Says whether typed text is wanted, as [`InputEvent::Text`]: a console is open, or a field is
    /// edited.
    fn ask_for_text(&mut self, wanted: bool) {
        let _ = wanted;
    }

    /// The text on the clipboard; `None` if there is none, or no clipboard.
    fn clipboard(&mut self) -> Option<String> {
        None
    }

    /// Puts a text on the clipboard, if there is one.
    fn set_clipboard(&mut self, text: &str) {
        let _ = text;
    }
}

/// One thing that the user did. Positions are in the scene's pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InputEvent {
    /// A key went down or up.
    Key {
        /// Which key, by its place on the keyboard.
        key: Key,
        /// What the user's keyboard layout calls it: `Z` where an English one has `Y`.
        label: String,
        /// Whether it went down.
        down: bool,
        /// Whether this is the repetition of a key held down.
        repeat: bool,
    },
    /// Text was typed, while somebody asks for text.
    Text {
        /// What was typed: usually one character.
        text: String,
    },
    /// The mouse moved.
    MouseMotion {
        /// Distance from the left edge, px.
        x: f64,
        /// Distance from the top edge, px.
        y: f64,
    },
    /// A mouse button went down or up.
    MouseButton {
        /// Which button.
        button: MouseButton,
        /// Whether it went down.
        down: bool,
        /// Distance from the left edge, px.
        x: f64,
        /// Distance from the top edge, px.
        y: f64,
    },
    /// The wheel turned.
    Wheel {
        /// Notches to the right.
        x: f64,
        /// Notches away from the user.
        y: f64,
    },
    /// The window got or lost the keyboard.
    FocusChanged {
        /// Whether it has the keyboard now.
        focused: bool,
    },
    /// The user gave the window another size. The scene keeps its own.
    Resized {
        /// Width of the window's inside, in the desktop's units.
        width: u32,
        /// Height of the window's inside, in the desktop's units.
        height: u32,
    },
    /// A file was dropped on the window.
    FileDropped {
        /// The file's path.
        path: String,
    },
    /// The user did something with a widget that a process has drawn.
    Widget {
        /// The process's name.
        process: String,
        /// Which of its widgets.
        widget: WidgetId,
        /// What the user did with it.
        response: Response,
    },
    /// Widgets have something of the user's devices from now on, or no more.
    Widgets {
        /// What they have.
        wants: Wants,
    },
    /// The user closed the window.
    Quit,
}

/// A key or button that does not exist.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum InputError {
    /// No key has this name.
    #[error("there is no key `{name}`{}", hint(.nearest))]
    UnknownKey {
        /// The name as written.
        name: String,
        /// The name that comes closest, if one does.
        nearest: Option<String>,
    },
    /// No mouse button has this name.
    #[error("there is no mouse button `{name}`; there are left, middle, right, x1 and x2")]
    UnknownButton {
        /// The name as written.
        name: String,
    },
}

/// The name that was meant, or how keys are named where none is near.
fn hint(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => did_you_mean(Some(name)),
        None => "; keys are named as on an American keyboard: W, Up, Space, Left Shift".to_owned(),
    }
}
