//! Pictures, compared pixel by pixel.

use image::RgbaImage;

/// How far each channel of a pixel may be off, of 255: versions of SDL blend and round edges
/// differently by one or two. No wrong colour that a user sees is as near.
const TOLERANCE: u8 = 3;

/// What is wrong with a picture, if anything.
pub(super) fn difference(expected: &[u8], came: &[u8]) -> Option<String> {
    match (decode(expected), decode(came)) {
        (Ok(expected), Ok(came)) => compare(&expected, &came),
        (Err(error), _) => Some(format!("the expected picture is none: {error}")),
        (_, Err(error)) => Some(format!("it is no picture: {error}")),
    }
}

fn decode(file: &[u8]) -> image::ImageResult<RgbaImage> {
    Ok(image::load_from_memory(file)?.to_rgba8())
}

fn compare(expected: &RgbaImage, came: &RgbaImage) -> Option<String> {
    if expected.dimensions() != came.dimensions() {
        let ((width, height), (wanted_width, wanted_height)) =
            (came.dimensions(), expected.dimensions());
        return Some(format!("{width} × {height} px, not {wanted_width} × {wanted_height} px"));
    }
    let mut off = expected.enumerate_pixels().filter_map(|(x, y, expected)| {
        let came = came.get_pixel(x, y);
        let mut pairs = expected.0.iter().zip(came.0);
        pairs
            .any(|(expected, came)| expected.abs_diff(came) > TOLERANCE)
            .then_some((x, y, expected, came))
    });
    let (x, y, expected, came) = off.next()?;
    let count = 1 + off.count();
    Some(format!(
        "{count} pixels differ; the one at ({x}, {y}) is {:?}, not {:?}",
        came.0, expected.0
    ))
}
