//! Colours as authors write them: CSS names, `#rrggbb` and `rgb(...)`.

use std::fmt;

/// A colour in sRGB with straight (not premultiplied) alpha, 0 to 255 a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Opacity: 0 is invisible, 255 hides what lies behind.
    pub a: u8,
}

impl Color {
    /// Opaque white: as a tint, it changes nothing.
    pub const WHITE: Self = Self::rgb(255, 255, 255);
    /// Opaque black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);

    /// An opaque colour.
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// Reads any CSS colour: `orange`, `#fa0`, `#ffa50080`, `rgb(255 165 0)`, `hsl(39 100% 50%)`.
    ///
    /// Returns `None` where the text is no colour.
    pub fn parse(text: &str) -> Option<Self> {
        let [r, g, b, a] = csscolorparser::parse(text).ok()?.to_rgba8();
        Some(Self { r, g, b, a })
    }
}

impl fmt::Display for Color {
    /// Writes `#rrggbb`, with two more digits where the colour is not opaque.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { r, g, b, a } = self;
        write!(out, "#{r:02x}{g:02x}{b:02x}")?;
        if *a != 255 {
            write!(out, "{a:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Color;

    /// Names and hexadecimal digits give the channels that CSS gives them.
    #[test]
    fn css_colors_are_read_and_written() {
        assert_eq!(Color::parse("orange"), Some(Color::rgb(255, 165, 0)));
        assert_eq!(Color::parse("#fa0"), Some(Color::rgb(255, 170, 0)));
        assert_eq!(Color::parse("orange").unwrap().to_string(), "#ffa500");
        assert_eq!(Color::parse("#01020304").unwrap().to_string(), "#01020304");
        assert_eq!(Color::parse("no color"), None);
    }
}
