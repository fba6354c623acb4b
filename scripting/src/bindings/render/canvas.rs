//! Drawing on canvases: what the methods of the component `Canvas` call.

use std::path::{Path, PathBuf};

use bevy_ecs::world::{Mut, World};
use metapython_engine::color::Color;
use metapython_engine::component::{Choice as _, FieldValue};
use metapython_engine::render::{
    Align, Blend, Canvas, ImageFolder, Ink, Mix, Picture, Sheet, Words, letters, read_image,
    sheet_of,
};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::argument::{number, text, truth, whole, wrong_type, wrong_value};
use crate::component::Component;
use crate::convert::from_python;
use crate::error::ProcessDeleted;
use crate::lend::with_world;

const PX: &str = "a finite number of px";
const LENGTH: &str = "a number of px, 0 or more";
const POINTS: &str = "pairs of finite numbers, like [(0, 0), (10, 5)]";
const ERASE: &str = "erase";

/// Draws a line with round ends through points; through one, a dot.
#[pyfunction]
pub fn canvas_line(
    canvas: &Component,
    points: &Bound<'_, PyAny>,
    color: &Bound<'_, PyAny>,
    thickness: &Bound<'_, PyAny>,
    blend: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let points = points_of("line(points)", points)?;
    let width = Some(length("line(thickness)", thickness)?);
    let ink = Ink { color: color_of("line(color)", color)?, width, mix: mix_of("line", blend)? };
    draw(canvas, |sheet| sheet.line(&points, ink))
}

/// Draws a polygon, or its outline.
#[pyfunction]
pub fn canvas_polygon(
    canvas: &Component,
    points: &Bound<'_, PyAny>,
    color: &Bound<'_, PyAny>,
    outline: &Bound<'_, PyAny>,
    blend: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let points = points_of("polygon(points)", points)?;
    let ink = ink("polygon", color, outline, blend)?;
    draw(canvas, |sheet| sheet.polygon(&points, ink))
}

/// Draws a circle, or its outline.
#[pyfunction]
pub fn canvas_circle(
    canvas: &Component,
    center: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    radius: &Bound<'_, PyAny>,
    color: &Bound<'_, PyAny>,
    outline: &Bound<'_, PyAny>,
    blend: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let center = [px("circle(x)", &center.0)?, px("circle(y)", &center.1)?];
    let radius = length("circle(radius)", radius)?;
    let ink = ink("circle", color, outline, blend)?;
    draw(canvas, |sheet| sheet.circle(center, radius, ink))
}

/// Draws a rectangle, or its outline.
#[pyfunction]
pub fn canvas_rectangle(
    canvas: &Component,
    corner: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    size: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    color: &Bound<'_, PyAny>,
    outline: &Bound<'_, PyAny>,
    blend: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let corner = [px("rectangle(x)", &corner.0)?, px("rectangle(y)", &corner.1)?];
    let size = [length("rectangle(width)", &size.0)?, length("rectangle(height)", &size.1)?];
    let ink = ink("rectangle", color, outline, blend)?;
    draw(canvas, |sheet| sheet.rectangle(corner, size, ink))
}

/// Gives a colour to what is connected with a point and looks like it.
#[pyfunction]
pub fn canvas_fill(
    canvas: &Component,
    at: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    color: &Bound<'_, PyAny>,
    tolerance: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let at = [px("fill(x)", &at.0)?, px("fill(y)", &at.1)?];
    let color = color_of("fill(color)", color)?;
    let tolerance = whole("fill(tolerance)", "a whole number from 0 to 255", tolerance)?;
    draw(canvas, |sheet| sheet.fill(at, color, tolerance))
}

/// Writes words, and says how wide and high they are, px.
#[pyfunction]
pub fn canvas_text(
    canvas: &Component,
    corner: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    words: &Bound<'_, PyAny>,
    font: FontArguments<'_>,
    block: BlockArguments<'_>,
    color: &Bound<'_, PyAny>,
    blend: &Bound<'_, PyAny>,
) -> PyResult<(f64, f64)> {
    const SIZE: &str = "a number of px, more than 0 and up to 4096";
    let at = [px("text(x)", &corner.0)?, px("text(y)", &corner.1)?];
    let FontArguments(name, size, bold, italic) = font;
    let BlockArguments(align, wrap, spacing) = block;
    let words = Words {
        text: text("text(text)", "a str", words)?,
        font: text("text(font)", "the name of a font or a file", &name)?,
        size: number("text(size)", SIZE, &size, |size| size > 0.0 && size <= Words::MAX_SIZE_PX)?,
        bold: truth("text(bold)", &bold)?,
        italic: truth("text(italic)", &italic)?,
        align: align_of(&align)?,
        wrap: length("text(wrap)", &wrap)?,
        line_spacing: number("text(line_spacing)", "a finite number", &spacing, f64::is_finite)?,
    };
    if words.text.len() > Words::MAX_TEXT {
        return Err(PyValueError::new_err(format!(
            "text(text) takes up to {} bytes of UTF-8, not {}",
            Words::MAX_TEXT,
            words.text.len()
        )));
    }
    let (color, mix) = (color_of("text(color)", color)?, mix_of("text", blend)?);
    let written = with_world(|world| letters(world, words, at))?;
    let written = written.map_err(|reason| {
        PyValueError::new_err(format!("cannot write in the font {}: {reason}", words.font))
    })?;
    draw(canvas, |sheet| sheet.write(&written, color, mix))?;
    Ok(written.size_px.into())
}

/// Name, size, thick, leaning.
#[derive(FromPyObject)]
pub struct FontArguments<'py>(
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
);

/// On which side, how wide, how far apart.
#[derive(FromPyObject)]
pub struct BlockArguments<'py>(Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Draws an image from a file, in its own size where none is asked for.
#[pyfunction]
pub fn canvas_image(
    canvas: &Component,
    path: PathBuf,
    corner: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    size: (Bound<'_, PyAny>, Bound<'_, PyAny>),
    blend: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let corner = [px("image(x)", &corner.0)?, px("image(y)", &corner.1)?];
    let asked = [length("image(width)", &size.0)?, length("image(height)", &size.1)?];
    let mix = mix_of("image", blend)?;
    let picture = read(&path)?;
    let own = [picture.width, picture.height].map(f64::from);
    let side = |axis: usize| if asked[axis] == 0.0 { own[axis] } else { asked[axis] };
    draw(canvas, |sheet| sheet.image(&picture, corner, [side(0), side(1)], mix))
}

/// Makes all of it one colour; without one, that of the canvas.
#[pyfunction]
pub fn canvas_clear(canvas: &Component, color: Option<Bound<'_, PyAny>>) -> PyResult<()> {
    let color = color.map(|color| color_of("clear(color)", &color)).transpose()?;
    on_canvas(canvas, |mut sheet, own| sheet.clear(color.unwrap_or(own)))
}

/// Makes it the image in a file, as far as there is room.
#[pyfunction]
pub fn canvas_load(canvas: &Component, path: PathBuf) -> PyResult<()> {
    let picture = read(&path)?;
    on_canvas(canvas, |mut sheet, own| sheet.load(&picture, own))
}

/// Saves it as PNG.
#[pyfunction]
pub fn canvas_save(py: Python<'_>, canvas: &Component, path: PathBuf) -> PyResult<()> {
    let picture = on_canvas(canvas, |sheet, _| sheet.picture())?;
    // What takes long keeps no other thread of Python waiting.
    let saved = py.detach(|| picture.save_png(&path));
    saved.map_err(|error| PyOSError::new_err(error.to_string()))
}

/// Height, width, and the pixels row by row: red, green, blue and straight opacity.
#[pyfunction]
pub fn canvas_pixels<'py>(
    py: Python<'py>,
    canvas: &Component,
) -> PyResult<(u32, u32, Bound<'py, PyBytes>)> {
    let Picture { width, height, rgba } = on_canvas(canvas, |sheet, _| sheet.picture())?;
    Ok((height, width, PyBytes::new(py, &rgba)))
}

/// Sets the pixels, as [`canvas_pixels`] gives them.
#[pyfunction]
pub fn set_canvas_pixels(canvas: &Component, pixels: &Bound<'_, PyAny>) -> PyResult<()> {
    let takes = "an array of uint8, of the shape (height, width, 4)";
    let buffer = PyBuffer::<u8>::get(pixels).map_err(|_| wrong_type("pixels", takes, pixels))?;
    let [width, height] = on_canvas(canvas, |sheet, _| sheet.size_px())?;
    if *buffer.shape() != [height as usize, width as usize, 4] {
        return Err(PyValueError::new_err(format!(
            "pixels takes an array of the shape ({height}, {width}, 4), not {:?}",
            buffer.shape()
        )));
    }
    let rgba = buffer.to_vec(pixels.py())?;
    on_canvas(canvas, |mut sheet, _| sheet.set_rgba(&rgba))?.map_err(value_error)
}

/// All of it, to be restored later.
#[pyfunction]
pub fn canvas_copy<'py>(py: Python<'py>, canvas: &Component) -> PyResult<Bound<'py, PyBytes>> {
    on_canvas(canvas, |sheet, _| PyBytes::new(py, sheet.bytes()))
}

/// Makes it what it was when it was copied.
#[pyfunction]
pub fn canvas_restore(canvas: &Component, copy: &Bound<'_, PyAny>) -> PyResult<()> {
    let copy = bytes("restore(copy)", "what copy() returned", copy)?;
    on_canvas(canvas, |mut sheet, _| sheet.restore(&copy))?.map_err(value_error)
}

fn draw(canvas: &Component, act: impl FnOnce(&mut Sheet)) -> PyResult<()> {
    on_canvas(canvas, |mut sheet, _| act(&mut sheet))
}

/// Hands out the pixels of an attached canvas, and its own colour.
fn on_canvas<R>(canvas: &Component, act: impl FnOnce(Mut<'_, Sheet>, Color) -> R) -> PyResult<R> {
    let Some(process) = canvas.entity() else {
        let text = "this Canvas belongs to no process yet; a process draws on its own, as \
                    self.canvas.line(...) in start() or run()";
        return Err(PyValueError::new_err(text));
    };
    with_world(|world| {
        let own = world.get::<Canvas>(process).map(|canvas| canvas.color);
        let drawn = own.and_then(|own| Some(act(sheet_of(world, process)?, own)));
        drawn.ok_or_else(|| {
            ProcessDeleted::new_err("the process of this Canvas is deleted, or has none now")
        })
    })?
}

/// An image, as sprites name theirs.
fn read(path: &Path) -> PyResult<Picture> {
    let root = |world: &mut World| world.get_resource::<ImageFolder>().cloned();
    let ImageFolder(root) = with_world(root)?.unwrap_or_default();
    read_image(&root.join(path)).map_err(|reason| {
        PyOSError::new_err(format!("cannot read the image {}: {reason}", path.display()))
    })
}

fn ink(
    method: &str,
    color: &Bound<'_, PyAny>,
    outline: &Bound<'_, PyAny>,
    blend: &Bound<'_, PyAny>,
) -> PyResult<Ink> {
    let outline = length(&format!("{method}(outline)"), outline)?;
    Ok(Ink {
        color: color_of(&format!("{method}(color)"), color)?,
        width: Some(outline).filter(|outline| *outline > 0.0),
        mix: mix_of(method, blend)?,
    })
}

fn px(what: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    number(what, PX, value, f64::is_finite)
}

fn length(what: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    number(what, LENGTH, value, |length| length.is_finite() && length >= 0.0)
}

fn color_of(what: &str, color: &Bound<'_, PyAny>) -> PyResult<Color> {
    let takes = Color::KIND.describe();
    let value = from_python(color).map_err(|_| wrong_type(what, &takes, color))?;
    Color::from_value(&value).ok_or_else(|| wrong_value(what, &takes, color))
}

fn mix_of(method: &str, blend: &Bound<'_, PyAny>) -> PyResult<Mix> {
    let words: Vec<_> =
        Blend::WORDS.iter().chain([&ERASE]).map(|word| format!("{word:?}")).collect();
    let (what, takes) = (format!("{method}(blend)"), words.join(", "));
    let word = text(&what, &takes, blend)?;
    let known = Blend::CASES.iter().find(|(known, _)| *known == word);
    match known {
        Some((_, case)) => Ok(Mix::Blend(*case)),
        None if word == ERASE => Ok(Mix::Erase),
        None => Err(wrong_value(&what, &takes, blend)),
    }
}

fn align_of(align: &Bound<'_, PyAny>) -> PyResult<Align> {
    let words: Vec<_> = Align::WORDS.iter().map(|word| format!("{word:?}")).collect();
    let takes = words.join(", ");
    let word = text("text(align)", &takes, align)?;
    let known = Align::CASES.iter().find(|(known, _)| *known == word);
    known.map(|(_, case)| *case).ok_or_else(|| wrong_value("text(align)", &takes, align))
}

/// Points from anything that can be gone through, arrays too.
fn points_of(what: &str, points: &Bound<'_, PyAny>) -> PyResult<Vec<[f64; 2]>> {
    let refused = || wrong_type(what, POINTS, points);
    let all = points.try_iter().map_err(|_| refused())?;
    all.map(|point| {
        let pair = point?.try_iter().map_err(|_| refused())?;
        let pair: Vec<_> = pair.collect::<PyResult<_>>()?;
        let [x, y] = pair.as_slice() else { return Err(refused()) };
        Ok([number(what, POINTS, x, f64::is_finite)?, number(what, POINTS, y, f64::is_finite)?])
    })
    .collect()
}

fn bytes(what: &str, takes: &str, object: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let buffer = PyBuffer::<u8>::get(object).map_err(|_| wrong_type(what, takes, object))?;
    buffer.to_vec(object.py())
}

fn value_error(error: impl ToString) -> PyErr {
    PyValueError::new_err(error.to_string())
}
