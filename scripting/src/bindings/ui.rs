//! Widgets, as `metapython.ui` asks for them.
//!
//! Each function draws one, in the step that is under way, and gives back what the user did with it since
//! the process's last step.

pub mod container;
mod curve;
mod read;

use std::cell::Cell;

use bevy_ecs::entity::Entity;
use metapython_engine::process::Names;
use metapython_engine::ui::{
    self, ButtonKind, Column, FieldKind, ImageKind, Kind, LabelKind, NumberKind, OptionsStyle,
    Panel, Panels, Plot, PlotStyle, Response, Row, Sort, Table, Theme, WidgetId,
};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::argument::{text, truth, whole, wrong_type, wrong_value};
use crate::lend::with_world;
use crate::watchdog;
use read::{color_of, letters_of, maybe, range_of, size_of, string, told};

thread_local! {
    /// Whose step is under way, by the number of the entry.
    static CURRENT: Cell<Option<(u64, Entity)>> = const { Cell::new(None) };
    /// Whether what runs on this thread is no step, though it runs in a process's name.
    static IS_APART: Cell<bool> = const { Cell::new(false) };
}

/// Runs what runs in a process's name and is no step of it: nothing can be drawn there.
pub(crate) fn apart<R>(act: impl FnOnce() -> R) -> R {
    /// Puts back what it was before, also when a panic passes through.
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IS_APART.set(self.0);
        }
    }
    let _restore = Restore(IS_APART.replace(true));
    act()
}

/// Draws in the panel of the process whose step is under way.
fn draw<R>(what: &str, act: impl FnOnce(&mut Panel) -> R) -> PyResult<R> {
    let refused = || {
        PyRuntimeError::new_err(format!(
            "ui.{what} draws in the steps of a process: call it in `run`, not in `start`, in an \
             instruction, at the console or while a script is imported"
        ))
    };
    let step = watchdog::current_entry().filter(|_| !IS_APART.get()).ok_or_else(refused)?;
    with_world(|world| {
        let known = CURRENT.get().filter(|(known, _)| *known == step).map(|(_, process)| process);
        let process = known.or_else(|| {
            let process = world.resource::<Names>().get(&watchdog::current_process()?)?;
            CURRENT.set(Some((step, process)));
            Some(process)
        });
        ui::panel(world, process?, step).map(act)
    })?
    .ok_or_else(refused)
}

/// What every widget has: a name for itself, what is said of it, and whether it is enabled.
#[derive(FromPyObject)]
pub struct Common<'py>(Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);

impl Common<'_> {
    fn read(&self, what: &str) -> PyResult<(Option<String>, String, bool)> {
        let id = maybe(&self.0, |id| string(&format!("{what}(id)"), id))?;
        let tooltip = string(&format!("{what}(tooltip)"), &self.1)?;
        Ok((id, tooltip, truth(&format!("{what}(enabled)"), &self.2)?))
    }
}

/// Draws a widget, and says what the user did with it.
fn widget<R>(
    what: &str,
    name: &str,
    common: &Common<'_>,
    kind: impl FnOnce(&mut Panel, WidgetId) -> (Kind, R),
) -> PyResult<R> {
    let (id, tooltip, is_enabled) = common.read(what)?;
    draw(what, |panel| {
        let id = panel.name(id.as_deref().unwrap_or(name));
        let (kind, found) = kind(panel, id);
        panel.add(id, kind, tooltip, is_enabled);
        found
    })
}

/// A text.
#[pyfunction]
pub fn ui_label(
    said: &Bound<'_, PyAny>,
    size: &Bound<'_, PyAny>,
    color: &Bound<'_, PyAny>,
    heading: &Bound<'_, PyAny>,
    wrap: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<()> {
    let label = LabelKind {
        text: told(said)?,
        size: letters_of("label(size)", size)?,
        color: maybe(color, |it| color_of("label(color)", it))?,
        is_heading: truth("label(heading)", heading)?,
        wraps: truth("label(wrap)", wrap)?,
    };
    widget("label", "label", &common, |_, _| (Kind::Label(label), ()))
}

/// Something to click; whether it was.
#[pyfunction]
pub fn ui_button(
    label: &Bound<'_, PyAny>,
    selected: &Bound<'_, PyAny>,
    image: &Bound<'_, PyAny>,
    image_size: &Bound<'_, PyAny>,
    size: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    frame: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<bool> {
    let label = string("button(label)", label)?;
    let side = size_of("button(image_size)", image_size)?.unwrap_or(32.0);
    let image = maybe(image, |it| read::file_of("button(image)", it))?;
    let button = ButtonKind {
        label: label.clone(),
        is_selected: truth("button(selected)", selected)?,
        image: image.map(|image| ImageKind { image, size: [side; 2] }),
        size: [size_of("button(width)", &size.0)?, size_of("button(height)", &size.1)?],
        has_frame: truth("button(frame)", frame)?,
    };
    widget("button", &label, &common, |panel, id| {
        let was_clicked = panel.ask(id).is_some_and(|answer| answer.take_click());
        (Kind::Button(button), was_clicked)
    })
}

/// Something that is so or not.
#[pyfunction]
pub fn ui_checkbox(
    label: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<bool> {
    let label = string("checkbox(label)", label)?;
    let value = truth("checkbox(value)", value)?;
    widget("checkbox", &label.clone(), &common, |panel, id| {
        let is_checked = match panel.ask(id).and_then(|answer| answer.take_value()) {
            Some(Response::Checked(is_checked)) => is_checked,
            _ => value,
        };
        (Kind::Checkbox { label, is_checked }, is_checked)
    })
}

/// One of several, by its place; `None` where the user has not chosen.
#[pyfunction]
pub fn ui_options(
    what: &str,
    label: &Bound<'_, PyAny>,
    options: Vec<Bound<'_, PyAny>>,
    chosen: Option<u32>,
    common: Common<'_>,
) -> PyResult<Option<u32>> {
    let label = string(&format!("{what}(label)"), label)?;
    let options = options.iter().map(told).collect::<PyResult<Vec<_>>>()?;
    let style = match what {
        "radio" => OptionsStyle::Radio,
        "tabs" => OptionsStyle::Tabs,
        _ => OptionsStyle::List,
    };
    widget(what, &label.clone(), &common, |panel, id| {
        let newly = match panel.ask(id).and_then(|answer| answer.take_value()) {
            Some(Response::Chosen(newly)) => newly,
            _ => None,
        };
        let chosen = newly.or(chosen);
        (Kind::Options { style, label, options, chosen }, newly)
    })
}

/// A number, `whole` where it goes from one integer to the next; `None` where the user has set none.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub fn ui_number(
    what: &str,
    label: &Bound<'_, PyAny>,
    value: &Bound<'_, PyAny>,
    whole: bool,
    low: &Bound<'_, PyAny>,
    high: &Bound<'_, PyAny>,
    step: &Bound<'_, PyAny>,
    decimals: &Bound<'_, PyAny>,
    unit: &Bound<'_, PyAny>,
    logarithmic: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<Option<f64>> {
    let label = string(&format!("{what}(label)"), label)?;
    let is_slider = what == "slider";
    let [low, high] = range_of(what, low, high, is_slider)?;
    let value = read::any_number(&format!("{what}(value)"), value)?;
    let is_logarithmic = truth(&format!("{what}(logarithmic)"), logarithmic)?;
    if is_logarithmic && low <= 0.0 {
        return Err(pyo3::exceptions::PyValueError::new_err(format!(
            "{what}(low) takes a number above 0 where it is logarithmic, not {low}"
        )));
    }
    let (step, decimals) = (read::step_of(what, step)?, read::decimals_of(what, decimals)?);
    let number = NumberKind {
        label: label.clone(),
        value,
        low,
        high,
        step: if whole { step.max(1.0) } else { step },
        decimals: if whole { Some(0) } else { decimals },
        unit: string(&format!("{what}(unit)"), unit)?,
        is_logarithmic,
    };
    widget(what, &label, &common, |panel, id| {
        let newly = match panel.ask(id).and_then(|answer| answer.take_value()) {
            Some(Response::Number(newly)) => Some(newly),
            _ => None,
        };
        let mut number = number;
        number.value = newly.unwrap_or(number.value);
        if !number.value.is_finite() {
            // It is told, and stands where it can.
            number.label = format!("{} ({})", number.label, number.value);
            number.value = if number.low.is_finite() { number.low } else { 0.0 };
        }
        let kind = if is_slider { Kind::Slider(number) } else { Kind::Number(number) };
        (kind, newly)
    })
}

/// A text, and whether the user has ended it by Enter.
#[pyfunction]
pub fn ui_field(
    label: &Bound<'_, PyAny>,
    said: &Bound<'_, PyAny>,
    hint: &Bound<'_, PyAny>,
    password: &Bound<'_, PyAny>,
    rows: &Bound<'_, PyAny>,
    width: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<(Option<String>, bool)> {
    let label = string("field(label)", label)?;
    let takes = "a whole number from 1 to 100";
    let count: u32 = whole("field(rows)", takes, rows)?;
    if !(1..=100).contains(&count) {
        return Err(wrong_value("field(rows)", takes, rows));
    }
    let field = FieldKind {
        label: label.clone(),
        text: read::all_of("field(text)", said)?,
        hint: string("field(hint)", hint)?,
        is_password: truth("field(password)", password)?,
        rows: count,
        width: size_of("field(width)", width)?,
    };
    widget("field", &label, &common, |panel, id| {
        let answer = panel.ask(id).map(|answer| (answer.take_value(), answer.take_submission()));
        let (newly, is_submitted) = match answer {
            Some((Some(Response::Text(newly)), is_submitted)) => (Some(newly), is_submitted),
            Some((_, is_submitted)) => (None, is_submitted),
            None => (None, false),
        };
        let text = newly.clone().unwrap_or(field.text);
        (Kind::Field(FieldKind { text, ..field }), (newly, is_submitted))
    })
}

/// How far something has come.
#[pyfunction]
pub fn ui_progress(
    share: &Bound<'_, PyAny>,
    said: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<()> {
    let share = read::any_number("progress(share)", share)?;
    #[expect(clippy::cast_possible_truncation, reason = "brought within 0 and 1")]
    let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) as f32 };
    let text = told(said)?;
    widget("progress", "progress", &common, |_, _| (Kind::Progress { share, text }, ()))
}

/// A line.
#[pyfunction]
pub fn ui_separator() -> PyResult<()> {
    draw("separator", |panel| {
        let id = panel.name("separator");
        panel.add(id, Kind::Separator, String::new(), true);
    })
}

/// Nothing.
#[pyfunction]
pub fn ui_space(px: &Bound<'_, PyAny>) -> PyResult<()> {
    let px = size_of("space(px)", px)?.unwrap_or(8.0);
    draw("space", |panel| {
        let id = panel.name("space");
        panel.add(id, Kind::Space { px }, String::new(), true);
    })
}

/// One of the scene's images.
#[pyfunction]
pub fn ui_image(
    image: &Bound<'_, PyAny>,
    width: &Bound<'_, PyAny>,
    height: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<()> {
    let width = size_of("image(width)", width)?.unwrap_or(64.0);
    let height = size_of("image(height)", height)?.unwrap_or(64.0);
    let image = ImageKind { image: read::file_of("image(path)", image)?, size: [width, height] };
    let name = image.image.clone();
    widget("image", &name, &common, |_, _| (Kind::Image(image), ()))
}

/// A colour as `#rrggbb` or `#rrggbbaa`; `None` where the user has chosen none.
#[pyfunction]
pub fn ui_color(
    label: &Bound<'_, PyAny>,
    color: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<Option<String>> {
    let label = string("color(label)", label)?;
    let color = color_of("color(color)", color)?;
    widget("color", &label.clone(), &common, |panel, id| {
        let newly = match panel.ask(id).and_then(|answer| answer.take_value()) {
            Some(Response::Color([r, g, b, a])) => {
                Some(metapython_engine::color::Color { r, g, b, a })
            }
            _ => None,
        };
        let color = newly.unwrap_or(color);
        (Kind::Color { label, color }, newly.map(|newly| newly.to_string()))
    })
}

/// A curve as Python has it: its name, its places if there are any, and its heights.
type Curve<'py> = (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, Bound<'py, PyAny>);

/// Curves: names, places and heights.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub fn ui_plot(
    title: &Bound<'_, PyAny>,
    series: Vec<Curve<'_>>,
    style: &Bound<'_, PyAny>,
    size: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    x: &Bound<'_, PyAny>,
    y: &Bound<'_, PyAny>,
    axes: &Bound<'_, PyAny>,
    common: Common<'_>,
) -> PyResult<()> {
    let title = string("plot(label)", title)?;
    let takes = "\"lines\", \"points\" or \"bars\"";
    let style = match text("plot(style)", takes, style)? {
        "lines" => PlotStyle::Lines,
        "points" => PlotStyle::Points,
        "bars" => PlotStyle::Bars,
        _ => return Err(wrong_value("plot(style)", takes, style)),
    };
    let limits = |what: &str, limits: &Bound<'_, PyAny>| {
        maybe(limits, |limits| {
            let ends = limits.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>();
            let takes = "a pair of numbers, from and to, or None";
            let (low, high) = ends.map_err(|_| wrong_type(what, takes, limits))?;
            range_of(what, &low, &high, true)
        })
    };
    let plot = Plot {
        title: title.clone(),
        series: series
            .iter()
            .map(|(name, xs, ys)| curve::series(string("plot(series)", name)?, xs.as_ref(), ys))
            .collect::<PyResult<_>>()?,
        style,
        width: size_of("plot(width)", &size.0)?,
        height: size_of("plot(height)", &size.1)?.unwrap_or(120.0),
        x: limits("plot(x)", x)?,
        y: limits("plot(y)", y)?,
        has_axes: truth("plot(axes)", axes)?,
    };
    widget("plot", &title, &common, |_, _| (Kind::Plot(plot), ()))
}

/// What the user does with a table that is drawn next: by which column the rows are to be in order, which of
/// `len` rows are to be told, and the row that was selected, if one was.
#[pyfunction]
#[expect(clippy::type_complexity, reason = "Python takes it apart")]
pub fn ui_ask_table(
    label: &Bound<'_, PyAny>,
    id: &Bound<'_, PyAny>,
    len: usize,
) -> PyResult<(u64, Option<(u32, bool)>, (usize, usize), Option<(Option<u32>,)>)> {
    let label = string("table(label)", label)?;
    let id = maybe(id, |id| string("table(id)", id))?;
    draw("table", |panel| {
        let id = panel.name(id.as_deref().unwrap_or(&label));
        let answer = panel.ask(id);
        let sort = answer.as_ref().and_then(|answer| answer.sort());
        let seen = answer.as_ref().and_then(|answer| answer.rows());
        let chosen = match answer.and_then(|answer| answer.take_value()) {
            Some(Response::Chosen(chosen)) => Some((chosen,)),
            _ => None,
        };
        let told = ui::told(seen, len);
        let sort = sort.map(|sort| (sort.column, sort.is_descending));
        (id.0, sort, (told.start, told.end), chosen)
    })
}

/// The table that was asked for just now.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
pub fn ui_table(
    id: u64,
    columns: Vec<(Bound<'_, PyAny>, bool)>,
    len: usize,
    first: usize,
    rows: Vec<(u32, Vec<Bound<'_, PyAny>>)>,
    selected: &Bound<'_, PyAny>,
    sort: Option<(u32, bool)>,
    selectable: bool,
    sortable: &Bound<'_, PyAny>,
    height: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let row = |(number, cells): (u32, Vec<Bound<'_, PyAny>>)| {
        Ok(Row { number, cells: cells.iter().map(told).collect::<PyResult<_>>()? })
    };
    let table = Table {
        columns: columns
            .into_iter()
            .map(|(title, is_number)| {
                Ok(Column { title: string("table(columns)", &title)?, is_number })
            })
            .collect::<PyResult<_>>()?,
        len,
        first,
        rows: rows.into_iter().map(row).collect::<PyResult<_>>()?,
        selected: maybe(selected, |it| {
            whole("table(selected)", "a row's number from 0 on, or None", it)
        })?,
        sort: sort.map(|(column, is_descending)| Sort { column, is_descending }),
        is_selectable: selectable,
        is_sortable: truth("table(sortable)", sortable)?,
        height: size_of("table(height)", height)?,
    };
    draw("table", |panel| panel.add(WidgetId(id), Kind::Table(table), String::new(), true))
}

/// Whether widgets have the mouse, and the keyboard.
#[pyfunction]
pub fn ui_wants() -> PyResult<(bool, bool)> {
    with_world(|world| {
        let wants = world.resource::<Panels>().wants;
        (wants.mouse, wants.keyboard)
    })
}

/// How all widgets look.
#[pyfunction]
pub fn ui_set_theme(theme: &Bound<'_, PyAny>) -> PyResult<()> {
    let takes = "\"dark\" or \"light\"";
    let wanted = match text("set_theme(theme)", takes, theme)? {
        "dark" => Theme::Dark,
        "light" => Theme::Light,
        _ => return Err(wrong_value("set_theme(theme)", takes, theme)),
    };
    with_world(|world| world.resource_mut::<Panels>().theme = wanted)
}
