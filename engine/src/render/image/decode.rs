//! Reading an image from a file, within limits.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::panic::catch_unwind;
use std::path::Path;

use ::image::{DynamicImage, ImageDecoder as _, ImageError as DecodeError, ImageReader};

use super::{Images, Picture};

/// Reads a file; the error says what is wrong and what to do.
pub(super) fn decode(path: &Path) -> Result<Picture, String> {
    // A file can hold anything, and decoders of others' may panic at some of it.
    let picture = catch_unwind(|| read(path));
    picture.unwrap_or_else(|_| Err("it contradicts itself; export it again".to_owned()))
}

fn read(path: &Path) -> Result<Picture, String> {
    let metadata = fs::metadata(path).map_err(not_found)?;
    if !metadata.is_file() {
        // A pipe would be waited for forever.
        return Err("it is a folder, a device or a pipe, not a file; check the path".to_owned());
    }
    let not_readable = |error: DecodeError| match error {
        DecodeError::Unsupported(_) => {
            "it is no PNG, JPEG, BMP or GIF that can be read; convert it to one of these".to_owned()
        }
        DecodeError::Limits(_) => "it needs too much memory; make it smaller".to_owned(),
        other => format!("it is damaged ({other}); export it again"),
    };
    // The contents say which format it is; names are often wrong.
    let reader = File::open(path)
        .and_then(|file| ImageReader::new(BufReader::new(file)).with_guessed_format())
        .map_err(not_found)?;
    let mut decoder = reader.into_decoder().map_err(not_readable)?;
    let (width, height) = decoder.dimensions();
    let (side, area) = (Images::MAX_SIDE_PX, Images::MAX_AREA_PX);
    if width > side || height > side || u64::from(width) * u64::from(height) > area {
        let limit = format!("{side} px a side and {} million px in all", area >> 20);
        return Err(format!("it has {width} × {height} px, more than {limit}; make it smaller"));
    }
    let orientation = decoder.orientation().map_err(not_readable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(not_readable)?;
    image.apply_orientation(orientation);
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    Ok(Picture { width, height, rgba: image.into_raw() })
}

fn not_found(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        _ => format!("{error}; check the file and its permissions"),
    }
}
