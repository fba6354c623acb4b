//! What the user does: events, the state that follows from them, and what is made of both.
//!
//! Owns [`InputEvent`], plain data that a record can hold; [`Input`], the state that scripts ask; named
//! [`Actions`], [`Hotkeys`] and [`Listener`]s. Runs first in a tick (`intake`). All of it derives from
//! events alone, so the same events give the same state, from a keyboard or a record. Knows no SDL:
//! where events come from is an [`InputSource`] of `platform`.

mod action;
mod condense;
mod control;
mod gamepad;
mod hotkey;
mod intake;
mod key;
mod listener;
mod modifier;
mod mouse;
mod state;
mod switches;
mod touch;
mod wish;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use action::{ActionError, ActionState, Actions, Binding};
pub use condense::MAX_EVENTS;
pub use control::{Cap, Control, Half, Way};
pub use gamepad::{Gamepad, MAX_PADS, PadAxis, PadButton, STICK_DEAD_ZONE, TRIGGER_DEAD_ZONE};
pub use hotkey::Hotkeys;
pub use intake::{InputEvents, Simulated};
pub(crate) use intake::{express, take_in};
pub use key::Key;
pub use listener::{Kinds, Listener};
pub use modifier::Modifiers;
pub use mouse::MouseButton;
pub use state::{Composition, Input};
pub use touch::{Finger, Touch};
pub use wish::{Rumble, Wishes};

use crate::nearest::did_you_mean;
use crate::ui::{Response, Wants, WidgetId};

/// Where input comes from: a window, a record, a test.
pub trait InputSource {
    /// Appends what happened since the last poll, oldest first. Never waits.
    fn poll(&mut self, into: &mut Vec<InputEvent>);

    /// Says that somebody wants typed text, as [`InputEvent::Text`], or wants it no more: a console is
    /// open, a field is edited, a process asks. Askers are counted: whoever says `true` says `false`
    /// once, later.
    fn ask_for_text(&mut self, wanted: bool) {
        let _ = wanted;
    }

    /// Says where in the scene text is typed, px: left, top, width and height. Input methods show what
    /// can be chosen beside it.
    fn set_text_area(&mut self, area: [f64; 4]) {
        let _ = area;
    }

    /// Shakes the pad in a slot for a time: strengths of the heavy and of the light motor, 0 to 1.
    fn rumble(&mut self, slot: u8, strengths: [f64; 2], time: Duration) {
        let _ = (slot, strengths, time);
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
///
/// As JSON it is an object with the variant's name as `kind` (`"mouse_motion"`) and its fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum InputEvent {
    /// A key went down or up.
    Key {
        /// Which key, by its place on the keyboard.
        key: Key,
        /// What the user's keyboard layout calls it: `Z` where an English one has `Y`. Empty: as it was
        /// called last.
        #[serde(default)]
        label: String,
        /// Whether it went down.
        down: bool,
        /// Whether this is the repetition of a key held down.
        #[serde(default)]
        repeat: bool,
    },
    /// Text was typed, while somebody asks for text.
    Text {
        /// What was typed: usually one character.
        text: String,
    },
    /// An input method is putting a text together, which is not typed yet; an empty one ends that.
    Composition {
        /// The text so far.
        text: String,
        /// Where the cursor is in it, in characters.
        #[serde(default)]
        cursor: usize,
        /// How many characters from there are selected.
        #[serde(default)]
        length: usize,
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
    /// A finger touched the screen, moved on it, or left it. Fingers move the mouse, too.
    Finger {
        /// The same for as long as it is down.
        id: u64,
        /// What it did.
        touch: Touch,
        /// Distance from the left edge, px.
        x: f64,
        /// Distance from the top edge, px.
        y: f64,
        /// How hard it presses, 0 to 1.
        #[serde(default = "full_pressure")]
        pressure: f64,
    },
    /// A gamepad came.
    GamepadConnected {
        /// Its slot, from 1 to [`MAX_PADS`].
        slot: u8,
        /// What its maker calls it.
        name: String,
    },
    /// A gamepad went.
    GamepadDisconnected {
        /// Its slot.
        slot: u8,
    },
    /// A button of a gamepad went down or up.
    GamepadButton {
        /// The pad's slot.
        slot: u8,
        /// Which button.
        button: PadButton,
        /// Whether it went down.
        down: bool,
    },
    /// An axis of a gamepad moved.
    GamepadAxis {
        /// The pad's slot.
        slot: u8,
        /// Which axis.
        axis: PadAxis,
        /// Where it is, -1 to 1, without a dead zone.
        value: f64,
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
    /// The user's settings bind actions otherwise; those that they do not name are as by default.
    Bound {
        /// What is bound, by action.
        actions: BTreeMap<String, Vec<Binding>>,
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

impl InputEvent {
    /// The kinds of events that processes are told of and may simulate, as JSON has them. The others are
    /// between the machine and its devices.
    pub const KINDS: [&str; 14] = [
        "key",
        "text",
        "composition",
        "mouse_motion",
        "mouse_button",
        "wheel",
        "finger",
        "gamepad_connected",
        "gamepad_disconnected",
        "gamepad_button",
        "gamepad_axis",
        "focus_changed",
        "resized",
        "file_dropped",
    ];

    /// The event as JSON: an object with its `kind` and its fields.
    pub fn to_json(&self) -> String {
        // Maps with texts as keys, numbers and texts: there is nothing in it that JSON has not.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The event that [`to_json`](Self::to_json) has written, or somebody by hand.
    ///
    /// # Errors
    /// Says which kind, field or value is wrong, and which there are.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            // The place in a text that nobody has seen.
            message.split(" at line ").next().unwrap_or(&message).replace("variant", "kind")
        })
    }
}

fn full_pressure() -> f64 {
    1.0
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
    /// A part of a device that does not exist.
    #[error("there is no {what} called `{name}`{}", nearest_or_known(.nearest, .known))]
    UnknownPart {
        /// What it should be.
        what: &'static str,
        /// The name as written.
        name: String,
        /// The name that comes closest, if one does.
        nearest: Option<String>,
        /// All that there are.
        known: String,
    },
    /// What stands before the colon is no device.
    #[error(
        "`{name}` names no control{}; before a colon stands label, mouse, wheel, pad, or pad1 to \
         pad{MAX_PADS}", did_you_mean(.nearest.as_deref())
    )]
    UnknownDevice {
        /// The name as written.
        name: String,
        /// The device that comes closest, if one does.
        nearest: Option<String>,
    },
    /// Modifiers before something that is no key.
    #[error("`{name}` has modifiers, which only keys can have: Ctrl+S, Shift+F1")]
    Modified {
        /// The name as written.
        name: String,
    },
    /// `label:` with nothing behind it that could be on a key.
    #[error("behind `label:` stands what the layout prints on a key, as in label:Z")]
    NoLabel,
}

fn nearest_or_known(nearest: &Option<String>, known: &str) -> String {
    match nearest {
        Some(name) => did_you_mean(Some(name)),
        None => format!("; there are {known}"),
    }
}

/// The name that was meant, or how keys are named where none is near.
fn hint(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => did_you_mean(Some(name)),
        None => "; keys are named as on an American keyboard: W, Up, Space, Left Shift".to_owned(),
    }
}
