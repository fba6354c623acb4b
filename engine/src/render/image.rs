//! Images from files, loaded when a sprite first needs them.
//!
//! A file that cannot be shown becomes a checkerboard that nobody overlooks, and one error for the
//! caller to report. Limits keep a small file from unpacking into all of the memory.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use ::image::{DynamicImage, ImageDecoder as _, ImageError as DecodeError, ImageReader};

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

/// A loaded image.
#[derive(Clone, Debug)]
pub struct Image {
    /// Its pixels.
    pub picture: Picture,
    /// Changes when the pixels do: a copy of another revision is outdated.
    pub revision: u32,
}

/// The images that sprites show, by the path that the scene wrote.
#[derive(Clone, Debug, Default)]
pub struct Images {
    root: PathBuf,
    by_path: HashMap<String, ImageId>,
    images: Vec<Image>,
    errors: Vec<String>,
}

impl Images {
    /// The greatest width and height, px: what common graphics cards take.
    pub const MAX_SIDE_PX: u32 = 8192;
    /// The greatest number of pixels: 256 MiB of memory.
    pub const MAX_AREA_PX: u64 = 64 << 20;

    /// Relative paths are looked up in this folder from now on.
    pub fn set_root(&mut self, root: impl Into<PathBuf>) {
        self.root = root.into();
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
        self.images.push(Image { picture, revision: 0 });
        self.by_path.insert(path.to_owned(), id);
        id
    }

    /// Reads the file again, if a sprite has shown it: its contents changed.
    pub fn reload(&mut self, path: &str) {
        if let Some(id) = self.by_path.get(path).copied() {
            let picture = self.read(path);
            let image = &mut self.images[id.index()];
            *image = Image { picture, revision: image.revision + 1 };
        }
    }

    /// A loaded image.
    ///
    /// # Panics
    /// If the id comes from other `Images`.
    pub fn get(&self, id: ImageId) -> &Image {
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
    let shown = path.display();
    let metadata = fs::metadata(path).map_err(|error| format!("{shown}: {error}"))?;
    if !metadata.is_file() {
        // A pipe would be waited for forever.
        return Err(format!("{shown} is not a file"));
    }
    let not_readable = |error: DecodeError| match error {
        DecodeError::Unsupported(_) => {
            format!("{shown} is no PNG, JPEG, BMP or GIF that can be read")
        }
        DecodeError::Limits(_) => format!("{shown} needs too much memory; make it smaller"),
        other => format!("{shown} is damaged: {other}"),
    };
    // The contents say which format it is; names are often wrong.
    let reader = File::open(path)
        .and_then(|file| ImageReader::new(BufReader::new(file)).with_guessed_format())
        .map_err(|error| format!("{shown}: {error}"))?;
    let mut decoder = reader.into_decoder().map_err(not_readable)?;
    let (width, height) = decoder.dimensions();
    let (side, area) = (Images::MAX_SIDE_PX, Images::MAX_AREA_PX);
    if width > side || height > side || u64::from(width) * u64::from(height) > area {
        let limit = format!("{side} px a side and {} million px in all", area >> 20);
        return Err(format!("{shown} has {width} × {height} px, more than {limit}"));
    }
    let orientation = decoder.orientation().map_err(not_readable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(not_readable)?;
    image.apply_orientation(orientation);
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    Ok(Picture { width, height, rgba: image.into_raw() })
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
