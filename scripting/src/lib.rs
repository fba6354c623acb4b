//! Python behaviours for the Metapython engine.
//!
//! The engine knows no Python; this crate hands it behaviours, a scene factory and an interpreter
//! that are Python underneath, and hands Python the engine as the module `_native`, on which the
//! package `metapython` stands. All of it happens on the machine's one thread, where the world is
//! lent to Python for the time of each call ([`lend`]).
//!
//! There are two ways in: the program embeds CPython; the wheel is imported by an interpreter that
//! runs already, where `metapython` is a command and scripts have a machine of their own
//! ([`resident`]).

pub mod argument;
pub mod behaviour;
pub mod bindings;
pub mod cli;
pub mod columns;
pub mod component;
pub mod convert;
pub mod error;
pub mod evaluate;
pub mod install;
pub mod interpreter;
pub mod kept;
pub mod lend;
pub mod method;
pub mod outside;
pub mod program;
pub mod reload;
pub mod resident;
pub mod runtime;
pub mod scene;
pub mod unraisable;
pub mod watchdog;

use metapython_engine::message::DEFAULT_MEMORY_SIZE;
use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;

/// The native half of the package, for the interpreter that imports the wheel.
#[cfg(feature = "wheel")]
#[pymodule]
pub fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    resident::allow();
    register(module)
}

/// Fills the module `_native`.
///
/// # Errors
/// `ImportError` in a subinterpreter, whose objects must not mix with those of others; what Python
/// raises, short of memory.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    // SAFETY: both may be called while attached, as this thread is, and only return an address.
    let is_main = unsafe { ffi::PyInterpreterState_Get() == ffi::PyInterpreterState_Main() };
    if !is_main {
        let text = "metapython works in the main interpreter only, not in a subinterpreter";
        return Err(PyImportError::new_err(text));
    }
    component::install(py);
    module.add("input", bindings::input::InputHandle)?;
    module.add("machine", bindings::machine::MachineHandle)?;
    module.add("sound", bindings::audio::SoundHandle)?;
    module.add("window", bindings::render::WindowHandle)?;
    module.add("DEFAULT_MEMORY_SIZE", DEFAULT_MEMORY_SIZE)?;
    module.add("MailboxFull", py.get_type::<error::MailboxFull>())?;
    module.add("ProcessDeleted", py.get_type::<error::ProcessDeleted>())?;
    module.add("StepOverrun", py.get_type::<watchdog::StepOverrun>())?;

    module.add_class::<bindings::input::InputHandle>()?;
    module.add_class::<bindings::input::Action>()?;
    module.add_class::<bindings::input::Gamepad>()?;
    module.add_class::<bindings::machine::MachineHandle>()?;
    module.add_class::<bindings::audio::SoundHandle>()?;
    module.add_class::<bindings::audio::Bus>()?;
    module.add_class::<bindings::audio::Capture>()?;
    module.add_class::<bindings::audio::Stream>()?;
    module.add_class::<bindings::audio::Voice>()?;
    module.add_class::<bindings::render::WindowHandle>()?;
    module.add_class::<bindings::ui::container::Container>()?;
    module.add_class::<bindings::instruction::Execution>()?;
    module.add_class::<bindings::instruction::Instruction>()?;
    module.add_class::<bindings::process::Accounting>()?;
    module.add_class::<bindings::process::ProcessHandle>()?;
    module.add_class::<bindings::process::Restart>()?;
    module.add_class::<columns::Rows>()?;
    module.add_class::<component::Component>()?;
    module.add_class::<component::ComponentDescriptor>()?;
    module.add_class::<component::FieldDescriptor>()?;
    module.add_class::<reload::ActionMemory>()?;
    module.add_class::<reload::ComponentMemory>()?;
    module.add_class::<reload::HeldFault>()?;
    module.add_class::<reload::MarkHandle>()?;
    module.add("Method", method::method_type(py)?)?;

    module.add_function(wrap_pyfunction!(bindings::console::print_above, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::alert::raise_alert, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::alert::is_alert_shown, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::alert::log_alert, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::clock::checked_seconds, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::console::close_session, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::console::interrupt_session, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::console::process_names, module)?)?;
    module.add_function(wrap_pyfunction!(error::bounded_traceback, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::message::send_message, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::message::take_message, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::message::await_message, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::motion::absolute_transform, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::nearest::did_you_mean, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::spawn_process, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::launch_process, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::abandon_process, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::adopt_process, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::disown_process, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::insert_component, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::check_setting, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::process_result, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::await_end, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::process::stop_awaiting_end, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_circle, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_clear, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_copy, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_fill, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_image, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_line, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_load, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_pixels, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_polygon, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_rectangle, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_restore, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_save, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::canvas_text, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::render::canvas::set_canvas_pixels, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::container::ui_window, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::container::ui_panel, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::container::ui_dialog, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::container::ui_container, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::container::ui_menu, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::container::ui_collapsing, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_label, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_button, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_checkbox, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_options, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_number, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_field, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_progress, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_separator, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_space, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_image, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_color, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_plot, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_ask_table, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_table, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_wants, module)?)?;
    module.add_function(wrap_pyfunction!(bindings::ui::ui_set_theme, module)?)?;
    module.add_function(wrap_pyfunction!(columns::take_columns, module)?)?;
    module.add_function(wrap_pyfunction!(columns::leave_columns, module)?)?;
    module.add_function(wrap_pyfunction!(component::declare_component, module)?)?;
    module.add_function(wrap_pyfunction!(component::native_component, module)?)?;
    module.add_function(wrap_pyfunction!(method::make_method, module)?)?;
    module.add_function(wrap_pyfunction!(program::execute_command, module)?)?;
    module.add_function(wrap_pyfunction!(reload::set_probation, module)?)?;
    module.add_function(wrap_pyfunction!(reload::release_process, module)?)?;
    module.add_function(wrap_pyfunction!(reload::hold_process, module)?)?;
    module.add_function(wrap_pyfunction!(reload::set_mark, module)?)?;
    module.add_function(wrap_pyfunction!(reload::end_stand_ins, module)?)?;
    module.add_function(wrap_pyfunction!(reload::created_since, module)?)?;
    module.add_function(wrap_pyfunction!(reload::take_back, module)?)?;
    module.add_function(wrap_pyfunction!(reload::field_values, module)?)?;
    module.add_function(wrap_pyfunction!(reload::is_same_kind, module)?)?;
    Ok(())
}
