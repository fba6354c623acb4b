//! What a user can press or move, by one way of naming it: `Space`, `Ctrl+S`, `label:Z`, `mouse:left`,
//! `wheel:up`, `pad:a`, `pad2:leftx-`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::gamepad::{AXIS_IS_DOWN, Gamepad, MAX_PADS};
use super::{Input, InputError, Key, Modifiers, MouseButton, PadAxis, PadButton};
use crate::nearest::nearest;

/// The longest text that a layout prints on a key, in characters, with room to spare.
const MAX_LABEL: usize = 32;

/// A key, a button, an axis, or a way of the wheel.
///
/// A key counts whatever modifiers are held; with modifiers before it, only with exactly these.
///
/// # Examples
/// ```
/// use metapython_engine::input::Control;
///
/// assert_eq!(Control::parse("control+s")?.to_string(), "Ctrl+S");
/// assert_eq!(Control::parse("PAD2:LeftX-")?.to_string(), "pad2:leftx-");
/// let error = Control::parse("pad:rightshuolder").unwrap_err();
/// assert!(error.to_string().ends_with("did you mean `rightshoulder`?"));
/// # Ok::<(), metapython_engine::input::InputError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Control {
    /// A key, with the modifiers that have to be held with it.
    Key(Modifiers, Cap),
    /// A modifier, on the left or the right.
    Modifier(Modifiers),
    /// A button of the mouse.
    Mouse(MouseButton),
    /// The wheel, which is down in the ticks in which it turns.
    Wheel(Way),
    /// A button of the pad in a slot, or of any.
    PadButton(Option<u8>, PadButton),
    /// An axis of the pad in a slot or of any: the whole, or one half of it.
    PadAxis(Option<u8>, PadAxis, Option<Half>),
}

/// How a key is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cap {
    /// By its place on the keyboard.
    Place(Key),
    /// By what the user's layout calls it.
    Label(String),
}

/// Where the wheel turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Away from the user.
    Up,
    /// Towards the user.
    Down,
    /// To the left.
    Left,
    /// To the right.
    Right,
}

impl Way {
    const ALL: [(&'static str, Self); 4] =
        [("up", Self::Up), ("down", Self::Down), ("left", Self::Left), ("right", Self::Right)];
}

/// One half of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Half {
    /// Below 0.
    Negative,
    /// Above 0.
    Positive,
}

impl Control {
    /// The control called `name`, in capitals or not.
    ///
    /// # Errors
    /// [`InputError`] names what does not exist, and the nearest that does.
    pub fn parse(name: &str) -> Result<Self, InputError> {
        if let Some(modifier) = Modifiers::named(name) {
            return Ok(Self::Modifier(modifier));
        }
        let (modifiers, rest) = take_modifiers(name);
        // Some keys have a colon or a plus in their own names.
        if let Some(key) = Key::find(rest) {
            return Ok(Self::Key(modifiers, Cap::Place(key)));
        }
        let Some((device, part)) = rest.split_once(':') else {
            return Ok(Self::Key(modifiers, Cap::Place(Key::named(rest)?)));
        };
        let device = device.to_ascii_lowercase();
        if device != "label" && !modifiers.is_empty() {
            return Err(InputError::Modified { name: name.to_owned() });
        }
        match device.as_str() {
            "label" if part.is_empty() || part.chars().count() > MAX_LABEL => {
                Err(InputError::NoLabel)
            }
            "label" => Ok(Self::Key(modifiers, Cap::Label(part.to_owned()))),
            "mouse" => MouseButton::named(part).map(Self::Mouse),
            "wheel" => way(part).map(Self::Wheel),
            _ => match slot(&device) {
                Some(slot) => pad_part(slot, part),
                None => Err(InputError::UnknownDevice {
                    name: rest.to_owned(),
                    nearest: nearest(&device, ["label", "mouse", "wheel", "pad"]),
                }),
            },
        }
    }

    /// How far it is pressed or moved: 0 to 1, and -1 to 1 for a whole axis. The wheel gives its notches.
    pub fn value(&self, input: &Input) -> f64 {
        match self {
            Self::Wheel(way) => notches(input, *way),
            Self::PadAxis(slot, axis, half) => {
                strongest(input, *slot, |pad| halved(pad.axis(*axis), *half))
            }
            _ => f64::from(u8::from(self.is_down(input))),
        }
    }

    /// Whether it is held down. An axis is from half its way on.
    pub fn is_down(&self, input: &Input) -> bool {
        match self {
            Self::Key(Modifiers::NONE, cap) => input.caps(cap).any(|key| input.key_is_down(key)),
            Self::Key(modifiers, cap) => input.caps(cap).any(|key| {
                input.key_is_down(key) && input.modifiers() & !Modifiers::of(key) == *modifiers
            }),
            Self::Modifier(modifier) => input.modifiers().has(*modifier),
            Self::Mouse(button) => input.buttons.down.has(*button as usize),
            Self::Wheel(way) => notches(input, *way) > 0.0,
            Self::PadButton(slot, button) => {
                input.pads.among(*slot).any(|pad| pad.is_down(*button))
            }
            Self::PadAxis(..) => self.value(input).abs() >= AXIS_IS_DOWN,
        }
    }

    /// Whether it went down in this tick.
    pub fn was_pressed(&self, input: &Input) -> bool {
        match self {
            Self::Key(Modifiers::NONE, cap) => {
                input.caps(cap).any(|key| input.key_was_pressed(key))
            }
            Self::Key(modifiers, cap) => {
                input.caps(cap).any(|key| input.strokes.contains(&(key, *modifiers)))
            }
            Self::Modifier(modifier) => {
                modifier_keys(*modifier).any(|key| input.key_was_pressed(key))
            }
            Self::Mouse(button) => input.buttons.pressed.has(*button as usize),
            Self::Wheel(way) => notches(input, *way) > 0.0,
            Self::PadButton(slot, button) => {
                input.pads.among(*slot).any(|pad| pad.was_pressed(*button))
            }
            Self::PadAxis(..) => self.is_down(input) && !self.axis_was_down(input),
        }
    }

    /// Whether it went up in this tick.
    pub fn was_released(&self, input: &Input) -> bool {
        match self {
            Self::Key(Modifiers::NONE, cap) => {
                input.caps(cap).any(|key| input.key_was_released(key))
            }
            // One that is struck, and whose modifier goes up before the key does, is over, too.
            Self::Key(_, cap) => {
                input.caps(cap).any(|key| input.key_was_released(key))
                    || self.was_pressed(input) && !self.is_down(input)
            }
            Self::Modifier(modifier) => {
                modifier_keys(*modifier).any(|key| input.key_was_released(key))
            }
            Self::Mouse(button) => input.buttons.released.has(*button as usize),
            Self::Wheel(way) => notches(input, *way) > 0.0,
            Self::PadButton(slot, button) => {
                input.pads.among(*slot).any(|pad| pad.was_released(*button))
            }
            Self::PadAxis(..) => !self.is_down(input) && self.axis_was_down(input),
        }
    }

    /// Whether it went down in this tick with exactly the modifiers that it names, also where it names
    /// none: what a hotkey asks.
    pub fn was_struck(&self, input: &Input) -> bool {
        match self {
            Self::Key(modifiers, cap) => {
                input.caps(cap).any(|key| input.strokes.contains(&(key, *modifiers)))
            }
            _ => self.was_pressed(input),
        }
    }

    fn axis_was_down(&self, input: &Input) -> bool {
        let Self::PadAxis(slot, axis, half) = self else { return false };
        let before = strongest(input, *slot, |pad| halved(pad.axis_before(*axis), *half));
        before.abs() >= AXIS_IS_DOWN
    }
}

/// Splits the modifiers off that stand before a key.
fn take_modifiers(name: &str) -> (Modifiers, &str) {
    let (mut modifiers, mut rest) = (Modifiers::NONE, name);
    while let Some((first, others)) = rest.split_once('+')
        && let Some(modifier) = Modifiers::named(first.trim())
    {
        modifiers = modifiers | modifier;
        rest = others.trim_start();
    }
    (modifiers, rest)
}

fn way(name: &str) -> Result<Way, InputError> {
    let found = Way::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, way)| *way).ok_or_else(|| InputError::UnknownPart {
        what: "way of the wheel",
        name: name.to_owned(),
        nearest: nearest(name, Way::ALL.map(|(known, _)| known)),
        known: Way::ALL.map(|(known, _)| known).join(", "),
    })
}

/// The slot in `pad2`; `pad` is any. `None` if it is no pad.
fn slot(device: &str) -> Option<Option<u8>> {
    let number = device.strip_prefix("pad")?;
    if number.is_empty() {
        return Some(None);
    }
    let slot = number.parse().ok().filter(|slot| (1..=MAX_PADS).contains(slot));
    slot.map(Some)
}

fn pad_part(slot: Option<u8>, part: &str) -> Result<Control, InputError> {
    let (name, half) = match part.strip_suffix(['+', '-']) {
        Some(name) if part.ends_with('-') => (name, Some(Half::Negative)),
        Some(name) => (name, Some(Half::Positive)),
        None => (part, None),
    };
    if let Ok(axis) = PadAxis::named(name) {
        return Ok(Control::PadAxis(slot, axis, half));
    }
    PadButton::named(part).map(|button| Control::PadButton(slot, button)).map_err(|error| {
        let InputError::UnknownPart { name: written, nearest: of_buttons, .. } = error else {
            return error;
        };
        let parts = || {
            let buttons = PadButton::ALL.iter().map(|(name, _)| *name);
            buttons.chain(PadAxis::ALL.iter().map(|(name, _)| *name))
        };
        InputError::UnknownPart {
            what: "button or axis of a gamepad",
            nearest: of_buttons.or_else(|| nearest(name, parts())),
            name: written,
            known: parts().collect::<Vec<_>>().join(", "),
        }
    })
}

/// The keys that are a modifier.
fn modifier_keys(modifier: Modifiers) -> impl Iterator<Item = Key> {
    (224..=231).filter_map(Key::from_scancode).filter(move |key| modifier.has(Modifiers::of(*key)))
}

/// How far the wheel turned one way in this tick, in notches.
fn notches(input: &Input, way: Way) -> f64 {
    let [x, y] = input.wheel();
    match way {
        Way::Up => y,
        Way::Down => -y,
        Way::Left => -x,
        Way::Right => x,
    }
    .max(0.0)
}

fn halved(value: f64, half: Option<Half>) -> f64 {
    match half {
        None => value,
        Some(Half::Positive) => value.max(0.0),
        Some(Half::Negative) => (-value).max(0.0),
    }
}

/// What the pads give that is furthest from 0.
fn strongest(input: &Input, slot: Option<u8>, value: impl Fn(&Gamepad) -> f64) -> f64 {
    let values = input.pads.among(slot).map(value);
    values.fold(0.0, |most: f64, value| if value.abs() > most.abs() { value } else { most })
}

impl fmt::Display for Control {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slot = |slot: &Option<u8>| slot.map_or_else(String::new, |slot| slot.to_string());
        match self {
            Self::Key(modifiers, Cap::Place(key)) => write!(out, "{modifiers}{key}"),
            Self::Key(modifiers, Cap::Label(label)) => write!(out, "{modifiers}label:{label}"),
            Self::Modifier(modifier) => {
                modifier.names().next().map_or(Ok(()), |name| out.write_str(name))
            }
            Self::Mouse(button) => write!(out, "mouse:{}", button.name()),
            Self::Wheel(way) => {
                let name = Way::ALL.iter().find(|(_, known)| known == way).map_or("", |it| it.0);
                write!(out, "wheel:{name}")
            }
            Self::PadButton(pad, button) => write!(out, "pad{}:{}", slot(pad), button.name()),
            Self::PadAxis(pad, axis, half) => {
                let half = match half {
                    None => "",
                    Some(Half::Negative) => "-",
                    Some(Half::Positive) => "+",
                };
                write!(out, "pad{}:{}{half}", slot(pad), axis.name())
            }
        }
    }
}

impl TryFrom<String> for Control {
    type Error = InputError;

    fn try_from(name: String) -> Result<Self, InputError> {
        Self::parse(&name)
    }
}

impl From<Control> for String {
    fn from(control: Control) -> Self {
        control.to_string()
    }
}

#[cfg(test)]
mod tests;
