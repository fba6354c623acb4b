//! Images from files, loaded when a sprite first needs them.
//!
//! A file that cannot be shown becomes a checkerboard that nobody overlooks, and one error for the
//! caller to report. Limits keep a small file from unpacking into all of the memory.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use ::image::{DynamicImage, ImageDecoder as _, ImageError as DecodeError, ImageReader};
use bevy_ecs::resource::Resource;

use super::Picture;

/// An image among [`Images`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImageId(u32);

impl ImageId {
    /// Its position in the order of loading.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The folder in which the images of sprites are looked for; without it, the working directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Resource)]
pub struct ImageFolder(pub PathBuf);

/// The images that sprites show, by the path that the scene wrote.
#[derive(Clone, Debug, Default)]
pub struct Images {
    root: PathBuf,
    by_path: HashMap<String, ImageId>,
    images: Vec<Picture>,
    errors: Vec<String>,
}

impl Images {
    /// The greatest width and height, px: what common graphics cards take.
    pub const MAX_SIDE_PX: u32 = 8192;
    /// The greatest number of pixels: 256 MiB of memory.
    pub const MAX_AREA_PX: u64 = 64 << 20;

    /// Relative paths are looked up in this folder from now on: where it is another one, the same
    /// path is another image.
    pub fn set_root(&mut self, root: &Path) {
        if self.root != root {
            root.clone_into(&mut self.root);
            self.by_path.clear();
        }
    }

    /// What went wrong since the last call: one line for each file that could not be shown.
    pub fn take_errors(&mut self) -> Vec<String> {
        std::mem::take(&mut self.errors)
    }

    /// The image at `path`, loaded on the first call; a checkerboard if it cannot be.
    pub fn load(&mut self, path: &str) -> ImageId {
        if let Some(id) = self.by_path.get(path) {
            return *id;
        }
        #[expect(clippy::cast_possible_truncation, reason = "4 G images do not fit in memory")]
        let id = ImageId(self.images.len() as u32);
        let picture = self.read(path);
        self.images.push(picture);
        self.by_path.insert(path.to_owned(), id);
        id
    }

    /// The pixels of a loaded image; they never change.
    ///
    /// # Panics
    /// If the id comes from other `Images`.
    pub fn get(&self, id: ImageId) -> &Picture {
        &self.images[id.index()]
    }

    fn read(&mut self, path: &str) -> Picture {
        decode(&self.root.join(path)).unwrap_or_else(|reason| {
            self.errors.push(format!("cannot show the image {path}: {reason}"));
            checkerboard()
        })
    }
}

/// Reads a file; the error says what is wrong and what to do.
fn decode(path: &Path) -> Result<Picture, String> {
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

/// What stands in for an image that cannot be shown: 4 × 4 squares in magenta and black.
fn checkerboard() -> Picture {
    const SIDE_PX: u32 = 32;
    const SQUARE_PX: u32 = 8;
    let pixel = |index: u32| {
        let (x, y) = (index % SIDE_PX / SQUARE_PX, index / SIDE_PX / SQUARE_PX);
        if (x + y) % 2 == 0 { [255, 0, 255, 255] } else { [0, 0, 0, 255] }
    };
    let rgba = (0..SIDE_PX * SIDE_PX).flat_map(pixel).collect();
    Picture { width: SIDE_PX, height: SIDE_PX, rgba }
}

#[cfg(test)]
mod tests;
