//! Pixels: of an image, or of what a user would see.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use ::image::codecs::png::PngEncoder;
use ::image::{ExtendedColorType, ImageEncoder as _};
use thiserror::Error;

use crate::color::Color;
use crate::destination::{self, Readers};

/// Pixels row by row from the top, 4 bytes each: red, green, blue and straight alpha in sRGB.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width, px.
    pub width: u32,
    /// Height, px.
    pub height: u32,
    /// 4 × width × height bytes.
    pub rgba: Vec<u8>,
}

/// Why a picture could not be saved.
#[derive(Debug, Error)]
#[error("cannot save the picture {}: {source}", .path.display())]
pub struct PictureError {
    /// Where it was to be saved.
    pub path: PathBuf,
    /// What failed.
    pub source: io::Error,
}

impl Picture {
    /// The colour of one pixel, or `None` outside of the picture.
    pub fn pixel(&self, x: u32, y: u32) -> Option<Color> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let start = 4 * (y as usize * self.width as usize + x as usize);
        match self.rgba.get(start..start + 4)? {
            &[r, g, b, a] => Some(Color { r, g, b, a }),
            _ => None,
        }
    }

    /// Whether a picture could be saved there, as far as one can tell before there is one.
    ///
    /// # Errors
    /// [`PictureError`] for what is no file, and for a folder that is not there.
    pub fn check_place(path: &Path) -> Result<(), PictureError> {
        let failed = |source| PictureError { path: path.to_owned(), source };
        let target = destination::resolve(path).map_err(failed)?;
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) {
            let reason = "its folder does not exist; choose one that does";
            return Err(failed(io::Error::new(io::ErrorKind::NotFound, reason)));
        }
        Ok(())
    }

    /// Saves the picture as PNG. A crash at any instant leaves the old file or the new one.
    ///
    /// Of a symbolic link, the file that it leads to is replaced.
    ///
    /// # Errors
    /// [`PictureError`] names the file and what the system said; a folder, a device or a pipe is
    /// refused.
    pub fn save_png(&self, path: &Path) -> Result<(), PictureError> {
        let failed = |source| PictureError { path: path.to_owned(), source };
        let write = |out: &mut BufWriter<File>| {
            PngEncoder::new(out)
                .write_image(&self.rgba, self.width, self.height, ExtendedColorType::Rgba8)
                .map_err(io::Error::other)
        };
        destination::replace(path, Readers::Usual, write).map_err(failed)
    }
}

impl std::fmt::Debug for Picture {
    /// Writes the size; nobody reads a million bytes.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Picture({} × {})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::Picture;
    use crate::color::Color;

    fn two_pixels() -> Picture {
        Picture { width: 2, height: 1, rgba: vec![255, 0, 0, 255, 0, 0, 255, 128] }
    }

    /// What is saved is read back the same by another decoder's entry, and nothing else is left.
    #[test]
    fn a_saved_picture_is_a_png_and_leaves_no_other_file() {
        let folder =
            std::env::temp_dir().join(format!("metapython-picture-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("two.png");
        fs::write(&path, "an older picture").unwrap();
        two_pixels().save_png(&path).unwrap();
        let read = ::image::open(&path).unwrap().to_rgba8();
        let files = fs::read_dir(&folder).unwrap().count();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((read.dimensions(), read.into_raw()), ((2, 1), two_pixels().rgba));
        assert_eq!(files, 1);
    }

    /// What is no file is left as it is, and of a link, the file behind it is replaced.
    #[cfg(unix)]
    #[test]
    fn only_a_file_is_replaced_and_no_link() {
        let folder =
            std::env::temp_dir().join(format!("metapython-picture-link-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (link, device) = (folder.join("link.png"), folder.join("device.png"));
        std::os::unix::fs::symlink("real.png", &link).unwrap();
        std::os::unix::fs::symlink("/dev/full", &device).unwrap();
        let refused = two_pixels().save_png(&device);
        two_pixels().save_png(&link).unwrap();
        let is_link = fs::symlink_metadata(&link).unwrap().is_symlink();
        let real = ::image::open(folder.join("real.png"));
        fs::remove_dir_all(&folder).unwrap();
        assert!(is_link && real.is_ok());
        let text = refused.unwrap_err().to_string();
        assert!(text.ends_with("it is a device or a pipe, not a file; give the name of a file"));
    }

    /// A folder that is not there is named.
    #[test]
    fn an_impossible_place_is_named() {
        let path = Path::new("/no/such/folder/a.png");
        let text = Picture::check_place(path).unwrap_err().to_string();
        assert!(text.ends_with("a.png: its folder does not exist; choose one that does"), "{text}");
        Picture::check_place(Path::new("a.png")).unwrap();
        let error = two_pixels().save_png(path).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("cannot save the picture /no/such/folder/a.png: "), "{text}");
    }

    /// Pixels are found by column and row.
    #[test]
    fn a_pixel_is_found_by_column_and_row() {
        let picture = two_pixels();
        assert_eq!(picture.pixel(1, 0), Some(Color { r: 0, g: 0, b: 255, a: 128 }));
        assert_eq!(picture.pixel(2, 0), None);
        assert_eq!(picture.pixel(0, 1), None);
    }
}
