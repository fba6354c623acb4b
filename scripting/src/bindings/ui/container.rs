//! Containers: what other widgets are in.

use metapython_engine::ui::{Kind, Opened, Side, SideKind, WindowKind};
use pyo3::prelude::*;

use super::draw;
use super::read::{maybe, px_of, size_of, string};
use crate::argument::{text, truth, whole, wrong_value};

/// A container, for as long as a `with` block draws in it.
#[pyclass(frozen, name = "Container", module = "metapython")]
pub struct Container {
    opened: Opened,
    is_open: bool,
}

#[pymethods]
impl Container {
    /// Whether it is open: False once the user has closed it, and while it is closed.
    #[getter]
    fn open(&self) -> bool {
        self.is_open
    }

    fn __bool__(&self) -> bool {
        self.is_open
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_error))]
    fn __exit__(&self, _error: &Bound<'_, PyAny>) {
        // What was drawn by another step is closed already, and there may be none under way: a coroutine is
        // closed that waits within it.
        let _ = draw("container", |panel| panel.close(self.opened));
    }
}

/// Opens a container of which it can be said whether it is open: `None` where that is not asked.
fn open(
    what: &str,
    name: &str,
    id: &Bound<'_, PyAny>,
    is_open: Option<bool>,
    kind: Kind,
) -> PyResult<Container> {
    let id = maybe(id, |id| string(&format!("{what}(id)"), id))?;
    let is_apart = matches!(
        &kind,
        Kind::Window(_) | Kind::Side(_) | Kind::Dialog { .. } | Kind::ContextMenu | Kind::MenuBar
    );
    let has_name = !name.is_empty() || id.is_some();
    draw(what, |panel| {
        let called = id.as_deref().unwrap_or(if has_name { name } else { what });
        let id = if is_apart { panel.name_apart(called) } else { panel.name(called) };
        let was_closed = panel.ask(id).and_then(|answer| answer.take_open()) == Some(false);
        let is_open = is_open.unwrap_or(true) && !was_closed;
        let opened = match is_open {
            true => panel.open(id, kind, has_name),
            false => panel.open_hidden(id),
        };
        Container { opened, is_open }
    })
}

/// A window within the scene.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub fn ui_window(
    title: &Bound<'_, PyAny>,
    id: &Bound<'_, PyAny>,
    place: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    size: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    movable: &Bound<'_, PyAny>,
    resizable: &Bound<'_, PyAny>,
    look: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    is_open: &Bound<'_, PyAny>,
) -> PyResult<Container> {
    let title = string("window(title)", title)?;
    let is_open = maybe(is_open, |it| truth("window(open)", it))?;
    let window = WindowKind {
        title: title.clone(),
        place: [px_of("window(x)", &place.0)?, px_of("window(y)", &place.1)?],
        size: [size_of("window(width)", &size.0)?, size_of("window(height)", &size.1)?],
        is_movable: truth("window(movable)", movable)?,
        is_resizable: truth("window(resizable)", resizable)?,
        is_closable: is_open.is_some(),
        has_title: truth("window(title_bar)", &look.0)?,
        has_frame: truth("window(frame)", &look.1)?,
    };
    open("window", &title, id, is_open, Kind::Window(window))
}

/// A strip along a side of the scene.
#[pyfunction]
pub fn ui_panel(
    side: &Bound<'_, PyAny>,
    id: &Bound<'_, PyAny>,
    size: &Bound<'_, PyAny>,
    resizable: &Bound<'_, PyAny>,
) -> PyResult<Container> {
    let takes = "\"top\", \"bottom\", \"left\" or \"right\"";
    let name = text("panel(side)", takes, side)?;
    let side = match name {
        "top" => Side::Top,
        "bottom" => Side::Bottom,
        "left" => Side::Left,
        "right" => Side::Right,
        _ => return Err(wrong_value("panel(side)", takes, side)),
    };
    let kind = SideKind {
        side,
        size: size_of("panel(size)", size)?,
        is_resizable: truth("panel(resizable)", resizable)?,
    };
    open("panel", name, id, None, Kind::Side(kind))
}

/// A window that nothing else can be reached beside.
#[pyfunction]
pub fn ui_dialog(
    title: &Bound<'_, PyAny>,
    id: &Bound<'_, PyAny>,
    width: &Bound<'_, PyAny>,
    is_open: &Bound<'_, PyAny>,
) -> PyResult<Container> {
    let title = string("dialog(title)", title)?;
    let is_open = truth("dialog(open)", is_open)?;
    let kind = Kind::Dialog { title: title.clone(), width: size_of("dialog(width)", width)? };
    open("dialog", &title, id, Some(is_open), kind)
}

/// A container that says nothing of itself: "row", "row from right", "column", "grid", "group", "scroll",
/// "menu_bar" or "context_menu", with the one number that it may have.
#[pyfunction]
pub fn ui_container(
    kind: &str,
    id: &Bound<'_, PyAny>,
    number: &Bound<'_, PyAny>,
) -> PyResult<Container> {
    let (what, kind) = match kind {
        "row" => ("row", Kind::Row { is_from_right: false }),
        "row from right" => ("row", Kind::Row { is_from_right: true }),
        "column" => ("column", Kind::Column { width: size_of("column(width)", number)? }),
        "grid" => {
            let takes = "a whole number from 1 to 64";
            let columns: u32 = whole("grid(columns)", takes, number)?;
            if !(1..=64).contains(&columns) {
                return Err(wrong_value("grid(columns)", takes, number));
            }
            ("grid", Kind::Grid { columns })
        }
        "group" => ("group", Kind::Group),
        "scroll" => ("scroll", Kind::Scroll { height: size_of("scroll(height)", number)? }),
        "menu_bar" => ("menu_bar", Kind::MenuBar),
        _ => ("context_menu", Kind::ContextMenu),
    };
    open(what, "", id, None, kind)
}

/// A menu that opens by a click.
#[pyfunction]
pub fn ui_menu(label: &Bound<'_, PyAny>, id: &Bound<'_, PyAny>) -> PyResult<Container> {
    let label = string("menu(label)", label)?;
    open("menu", &label, id, None, Kind::Menu { label: label.clone() })
}

/// What is seen when it is open.
#[pyfunction]
pub fn ui_collapsing(
    label: &Bound<'_, PyAny>,
    id: &Bound<'_, PyAny>,
    is_open: &Bound<'_, PyAny>,
) -> PyResult<Container> {
    let label = string("collapsing(label)", label)?;
    let is_open = truth("collapsing(open)", is_open)?;
    let id = maybe(id, |id| string("collapsing(id)", id))?;
    draw("collapsing", |panel| {
        let id = panel.name(id.as_deref().unwrap_or(&label));
        let said = panel.ask(id).and_then(|answer| answer.is_open());
        let opened = panel.open(id, Kind::Collapsing { label, is_open }, true);
        Container { opened, is_open: said.unwrap_or(is_open) }
    })
}
