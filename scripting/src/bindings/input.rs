//! What the user does: state, actions, events.

mod action;
mod event;
mod gamepad;
mod plain;

use bevy_ecs::world::World;
use metapython_engine::input::{
    Actions, Binding, Input, InputError, InputEvents, Key, Kinds, Listener, Simulated, Wishes,
};
use metapython_engine::render::Window;
use metapython_engine::scene::save_bindings;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

pub use self::action::Action;
use self::action::{action_error, bindings_of};
pub use self::gamepad::Gamepad;
use super::process::ProcessHandle;
use crate::argument::{text, wrong_type, wrong_value};
use crate::lend::with_world;
use crate::watchdog;

/// Keyboard, mouse, touch screen and gamepads as of this tick; actions, and events.
///
/// A control is named in one way everywhere, in capitals or not: a key by its place on an American
/// keyboard ("W", "Up", "Left Shift") or by what the user's layout prints on it ("label:Z"), with
/// modifiers before it if exactly these are to be held ("Ctrl+S"); a modifier on either side ("Shift");
/// "mouse:left", "wheel:up"; on any gamepad "pad:a", "pad:leftx" (-1 to 1), or one half of an axis,
/// "pad:leftx-"; on one of them "pad2:a". A name that there is not raises ValueError.
///
/// What `was_pressed` and `was_released` tell is true for one tick: a process whose interval is
/// longer than that may not see it, and asks `is_down` instead, has hotkeys, or hears of events.
#[pyclass(frozen, name = "Input", module = "metapython")]
pub struct InputHandle;

/// What the name of a control is.
const CONTROL: &str = "the name of a control, like \"Space\" or \"pad:a\"";

#[pymethods]
impl InputHandle {
    /// Whether the control is down; an axis is from half its way on.
    fn is_down(&self, control: &Bound<'_, PyAny>) -> PyResult<bool> {
        let control = text("is_down(control)", CONTROL, control)?;
        read(|input| input.is_down(control))
    }

    /// Whether the control went down in this tick.
    fn was_pressed(&self, control: &Bound<'_, PyAny>) -> PyResult<bool> {
        let control = text("was_pressed(control)", CONTROL, control)?;
        read(|input| input.was_pressed(control))
    }

    /// Whether the control went up in this tick.
    fn was_released(&self, control: &Bound<'_, PyAny>) -> PyResult<bool> {
        let control = text("was_released(control)", CONTROL, control)?;
        read(|input| input.was_released(control))
    }

    /// What the user's layout calls a key, as of the last time that it moved; before, its own name.
    fn label(&self, key: &Bound<'_, PyAny>) -> PyResult<String> {
        let key = text("label(key)", "the name of a key, like \"Z\"", key)?;
        read(|input| Ok(input.label(Key::named(key)?).to_owned()))
    }

    /// The modifiers that are held: some of "Ctrl", "Shift", "Alt" and "GUI", in this order.
    #[getter]
    fn modifiers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, read(|input| Ok(input.modifiers().names().collect::<Vec<_>>()))?)
    }

    /// Whether any key is down.
    #[getter]
    fn any_key_is_down(&self) -> PyResult<bool> {
        read(|input| Ok(input.any_key_is_down()))
    }

    /// Whether any key went down in this tick.
    #[getter]
    fn any_key_was_pressed(&self) -> PyResult<bool> {
        read(|input| Ok(input.any_key_was_pressed()))
    }

    /// Whether the mouse button is down: "left", "middle", "right", "x1" or "x2".
    fn button_is_down(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        let button = text("button_is_down(button)", "the name of a button, like \"left\"", button)?;
        read(|input| input.button_is_down(button))
    }

    /// Whether the mouse button went down in this tick.
    fn button_was_pressed(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        let button =
            text("button_was_pressed(button)", "the name of a button, like \"left\"", button)?;
        read(|input| input.button_was_pressed(button))
    }

    /// Whether the mouse button went up in this tick.
    fn button_was_released(&self, button: &Bound<'_, PyAny>) -> PyResult<bool> {
        let button =
            text("button_was_released(button)", "the name of a button, like \"left\"", button)?;
        read(|input| input.button_was_released(button))
    }

    /// Distance of the mouse from the left edge of the scene, px. While the mouse is a panel's
    /// (`ui.wants_mouse`) it stays what it was when the mouse came there.
    #[getter]
    fn mouse_x(&self) -> PyResult<f64> {
        read(|input| Ok(input.mouse_x()))
    }

    /// Distance of the mouse from the top edge of the scene, px. While the mouse is a panel's
    /// (`ui.wants_mouse`) it stays what it was when the mouse came there.
    #[getter]
    fn mouse_y(&self) -> PyResult<f64> {
        read(|input| Ok(input.mouse_y()))
    }

    /// What the wheel turned in this tick: notches to the right, notches away from the user.
    #[getter]
    fn wheel(&self) -> PyResult<(f64, f64)> {
        read(|input| Ok(input.wheel().into()))
    }

    /// The text typed in this tick; of more than 64 KiB the beginning, and an alert says so.
    #[getter]
    fn text(&self) -> PyResult<String> {
        read(|input| Ok(input.text().to_owned()))
    }

    /// The paths of the files dropped on the window in this tick.
    #[getter]
    fn dropped_files(&self) -> PyResult<Vec<String>> {
        read(|input| Ok(input.dropped_files().to_vec()))
    }

    /// Whether the window has the keyboard.
    #[getter]
    fn is_focused(&self) -> PyResult<bool> {
        read(|input| Ok(input.is_focused()))
    }

    /// Width and height of the window's inside as the user made it, in the desktop's units. The scene
    /// keeps its own size, `window.width` and `window.height`, and is enlarged to fit.
    #[getter]
    fn window_size(&self) -> PyResult<(u32, u32)> {
        with_world(|world| {
            let made = world.resource::<Input>().window_size();
            made.unwrap_or_else(|| world.resource::<Window>().outer_size_px()).into()
        })
    }

    /// The fingers on the screen, and those that left it in this tick: objects with `id` (the same for
    /// as long as it is down), `x` and `y` (the scene's px), `pressure` (0 to 1), `is_down`,
    /// `was_pressed` and `was_released`. Fingers move the mouse, too.
    #[getter]
    fn fingers<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let fingers: Vec<_> = read(|input| Ok(input.fingers().copied().collect()))?;
        fingers.into_iter().map(|finger| plain::finger(py, finger)).collect()
    }

    /// The text that an input method is putting together and that is not typed yet: an object with
    /// `text`, `cursor` and `length` (of what is selected from there), in characters; None if there is
    /// none. Of a window, SDL tells the first 31 bytes of it in UTF-8: ten Japanese characters. What is
    /// typed in the end is whole.
    #[getter]
    fn composition<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let composition = read(|input| Ok(input.composition().cloned()))?;
        composition.map(|composition| plain::composition(py, composition)).transpose()
    }

    /// Has typed text arrive in `text`, and input methods work, for as long as `process` exists or until
    /// `stop_text`. `area` is where it is typed, of the scene's px: (x, y, width, height), left and top
    /// first; what can be chosen is shown beside it. Any number of processes may ask.
    #[pyo3(signature = (process, area = None))]
    fn ask_for_text(
        &self,
        process: &Bound<'_, ProcessHandle>,
        area: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let takes = "four finite numbers, (x, y, width, height), or None";
        let area = area.map(|area| {
            let sides: [f64; 4] =
                area.extract().map_err(|_| wrong_type("ask_for_text(area)", takes, area))?;
            let are_finite = sides.iter().all(|side| side.is_finite());
            are_finite
                .then_some(sides)
                .ok_or_else(|| wrong_value("ask_for_text(area)", takes, area))
        });
        let area = area.transpose()?;
        process.get().write(|world, entity| {
            world.resource_mut::<Wishes>().ask_for_text(entity, area);
        })
    }

    /// Takes back that `process` has asked for text.
    fn stop_text(&self, process: &Bound<'_, ProcessHandle>) -> PyResult<()> {
        process.get().write(|world, entity| world.resource_mut::<Wishes>().stop_text(entity))
    }

    /// The gamepads that are there, by slot.
    #[getter]
    fn gamepads(&self) -> PyResult<Vec<Gamepad>> {
        read(|input| Ok(input.gamepads().map(|(slot, pad)| Gamepad::of(slot, pad)).collect()))
    }

    /// The action called `name`, which the scene names in `actions` or a script by `define`.
    ///
    /// Raises ValueError if there is none.
    fn action(&self, name: &Bound<'_, PyAny>) -> PyResult<Action> {
        let name = text("action(name)", "the name of an action, like \"jump\"", name)?;
        Action::named(name)
    }

    /// The names of all actions, by alphabet.
    #[getter]
    fn actions(&self) -> PyResult<Vec<String>> {
        with_world(|world| world.resource::<Actions>().names().map(str::to_owned).collect())
    }

    /// Names an action, with what is bound to it where neither the scene nor the user says anything,
    /// until the program ends, whatever scenes are loaded meanwhile: names of controls, or pairs of them,
    /// of which the first is the negative one: `define("steer", ("Left", "Right"), "pad:leftx")`.
    #[pyo3(signature = (name, *controls))]
    fn define(&self, name: &Bound<'_, PyAny>, controls: &Bound<'_, PyTuple>) -> PyResult<Action> {
        let name = text("define(name)", "a name for an action, like \"jump\"", name)?;
        let bindings = bindings_of("define(controls)", controls)?;
        let define = |world: &mut World| world.resource_mut::<Actions>().define(name, bindings);
        with_world(define)?.map_err(|error| action_error(&error))?;
        Action::named(name)
    }

    /// Binds an action otherwise, from the next tick on, as `define` has it; with no control, to none.
    /// It stays so until another scene is loaded, or this one anew; what a module binds while it is
    /// imported, until the program ends.
    ///
    /// Raises ValueError if there is no such action or control.
    #[pyo3(signature = (name, *controls))]
    fn bind(&self, name: &Bound<'_, PyAny>, controls: &Bound<'_, PyTuple>) -> PyResult<()> {
        let name = text("bind(name)", "the name of an action, like \"jump\"", name)?;
        let bindings = bindings_of("bind(controls)", controls)?;
        bind(controls.py(), name, Some(bindings))
    }

    /// Binds an action as it is by default again, from the next tick on.
    fn reset(&self, name: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = name.py();
        let name = text("reset(name)", "the name of an action, like \"jump\"", name)?;
        bind(py, name, None)
    }

    /// Keeps what is bound otherwise than by default for the runs to come, in the user's file for this
    /// scene, which is returned.
    ///
    /// Raises OSError if the run has no such file, being without a window and `--bindings`, or if it
    /// cannot be written.
    fn save_bindings(&self) -> PyResult<String> {
        let saved = with_world(save_bindings)?;
        let path = saved
            .map_err(|error| PyOSError::new_err(format!("bindings are not saved: {error}")))?;
        Ok(path.to_string_lossy().into_owned())
    }

    /// What the user did in this tick, oldest first: objects with `kind` and what belongs to it. Of what
    /// moves, the last place is told; of all, 1000 events at most.
    #[getter]
    fn events<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let events: Vec<_> =
            with_world(|world| world.resource::<InputEvents>().iter().cloned().collect())?;
        events.iter().map(|event| event::to_python(py, event)).collect()
    }

    /// Has `process` get each event of these kinds in its mailbox, from the next tick on, in the tick in
    /// which it comes and oldest first: bytes, an event as JSON. Kinds are "key", "text", "mouse",
    /// "touch", "gamepad", "window" and "file"; none ends it, as the end of the process does.
    #[pyo3(signature = (process, *kinds))]
    fn send_to(
        &self,
        process: &Bound<'_, ProcessHandle>,
        kinds: &Bound<'_, PyTuple>,
    ) -> PyResult<()> {
        let names = Kinds::ALL.map(|(name, _)| format!("{name:?}")).join(", ");
        let mut wanted = Kinds::default();
        for kind in kinds {
            let name = text("send_to(kinds)", &names, &kind)?;
            let kind =
                Kinds::named(name).ok_or_else(|| wrong_value("send_to(kinds)", &names, &kind));
            wanted = wanted.with(kind?);
        }
        process.get().write(|world, entity| {
            let mut entity = world.entity_mut(entity);
            match wanted.is_empty() {
                true => entity.remove::<Listener>(),
                false => entity.insert(Listener::to(wanted)),
            };
        })
    }

    /// Has an event come in the next tick as if the user had made it: `simulate("key", key="Space",
    /// down=True)`. Kinds and fields are those of `events`. A finger brings no events of the mouse, as the
    /// first one on a real screen does.
    ///
    /// Raises ValueError for an event that there cannot be.
    #[pyo3(signature = (kind, **fields))]
    fn simulate(
        &self,
        kind: &Bound<'_, PyAny>,
        fields: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let event = event::from_python(kind, fields)?;
        with_world(|world| world.resource_mut::<Simulated>().push(event))
    }
}

/// Binds an action otherwise, or as it is by default.
fn bind(py: Python<'_>, name: &str, bindings: Option<Vec<Binding>>) -> PyResult<()> {
    let is_in_module = is_in_module(py)?;
    let bind = |world: &mut World| {
        let mut actions = world.resource_mut::<Actions>();
        if is_in_module {
            actions.bind_in_module(name, bindings)
        } else {
            actions.bind(name, bindings)
        }
    };
    with_world(bind)?.map_err(|error| action_error(&error))
}

/// Whether this is asked by what a module does while it is imported or updated: that is done once, and
/// not again for another scene.
fn is_in_module(py: Python<'_>) -> PyResult<bool> {
    let mut frame = py.import("sys")?.call_method0("_getframe")?;
    while !frame.is_none() {
        let (code, caller) = (frame.getattr("f_code")?, frame.getattr("f_back")?);
        if code.getattr("co_name")?.extract::<&str>()? == "<module>" {
            let file = |code: Bound<'_, PyAny>| code.getattr("co_filename")?.extract::<String>();
            if watchdog::current_process().is_none() {
                return Ok(!file(code)?.starts_with("<console"));
            }
            // A script that runs the machine itself is a module, too, and its processes are none.
            let importer =
                (!caller.is_none()).then(|| file(caller.getattr("f_code")?)).transpose()?;
            return Ok(importer.is_some_and(|file| file.starts_with("<frozen importlib")));
        }
        frame = caller;
    }
    Ok(false)
}

fn read<R>(act: impl FnOnce(&Input) -> Result<R, InputError>) -> PyResult<R> {
    let read = |world: &mut World| act(world.resource::<Input>());
    with_world(read)?.map_err(|error| PyValueError::new_err(error.to_string()))
}
