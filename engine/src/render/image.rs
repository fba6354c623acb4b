//! Images from files, read when a sprite first needs them and again when they are saved.
//!
//! A window does not wait for them: they are read on a thread, and seen when they are there. A picture
//! that somebody asks for has all of them. A file that cannot be shown becomes a checkerboard that
//! nobody overlooks, and one error for the caller to report. Limits keep a small file from unpacking
//! into all of the memory.

mod decode;
mod loader;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use bevy_ecs::resource::Resource;

use super::Picture;
use decode::decode;
use loader::{Delivery, Loader, Order};

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
#[derive(Debug, Default)]
pub struct Images {
    root: PathBuf,
    by_path: HashMap<String, ImageId>,
    /// The one that was asked for last: sprites of one image come in a row.
    last: Option<ImageId>,
    images: Vec<Image>,
    errors: Vec<String>,
    /// Whether files are read on a thread.
    is_aside: bool,
    loader: Option<Loader>,
    /// Whether there are images that were not there when folders were last asked for.
    has_new: bool,
}

/// One image.
#[derive(Debug)]
struct Image {
    /// As the scene wrote it.
    path: String,
    file: PathBuf,
    /// What is shown; `None` as long as nothing was read.
    picture: Option<Picture>,
    /// How often it was asked for: of several readings the last one counts.
    asked: u64,
    generation: u64,
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
            self.last = None;
        }
    }

    /// Whether files are read on a thread from now on, as a window wants it. Otherwise every image is
    /// there as soon as it is loaded, those under way included.
    pub fn read_aside(&mut self, is_aside: bool) {
        self.is_aside = is_aside;
        self.receive();
        if !is_aside {
            for index in 0..self.images.len() {
                if self.images[index].picture.is_none() {
                    self.read(index);
                }
            }
        }
    }

    /// What went wrong since the last call: one line for each file that could not be shown.
    pub fn take_errors(&mut self) -> Vec<String> {
        std::mem::take(&mut self.errors)
    }

    /// The image at `path`, read on the first call; a checkerboard if it cannot be.
    pub fn load(&mut self, path: &str) -> ImageId {
        if let Some(id) = self.last.filter(|id| self.images[id.index()].path == path) {
            return id;
        }
        let id = self.by_path.get(path).copied().unwrap_or_else(|| self.add(path));
        self.last = Some(id);
        id
    }

    /// One more image, that nobody has asked for before.
    fn add(&mut self, path: &str) -> ImageId {
        let index = self.images.len();
        #[expect(clippy::cast_possible_truncation, reason = "4 G images do not fit in memory")]
        let id = ImageId(index as u32);
        self.images.push(Image {
            path: path.to_owned(),
            file: real(&self.root.join(path)),
            picture: None,
            asked: 0,
            generation: 0,
        });
        self.by_path.insert(path.to_owned(), id);
        self.has_new = true;
        self.read(index);
        id
    }

    /// The pixels of an image; `None` as long as it is read.
    ///
    /// # Panics
    /// If the id comes from other `Images`.
    pub fn get(&self, id: ImageId) -> Option<&Picture> {
        self.images[id.index()].picture.as_ref()
    }

    /// The path of an image as the scene wrote it.
    ///
    /// # Panics
    /// If the id comes from other `Images`.
    pub fn path(&self, id: ImageId) -> &str {
        &self.images[id.index()].path
    }

    /// Another number whenever the image shows something else.
    ///
    /// # Panics
    /// If the id comes from other `Images`.
    pub fn generation(&self, id: ImageId) -> u64 {
        self.images[id.index()].generation
    }

    /// The folders of all images, if there are images that were not there at the last call.
    pub fn new_folders(&mut self) -> Option<Vec<PathBuf>> {
        let folder = |image: &Image| image.file.parent().map(Path::to_owned);
        std::mem::take(&mut self.has_new)
            .then(|| self.images.iter().filter_map(folder).collect::<BTreeSet<_>>())
            .map(|folders| folders.into_iter().filter(|folder| folder.is_dir()).collect())
    }

    /// Reads those images anew whose files are among these.
    pub fn reload(&mut self, files: &[PathBuf]) {
        for index in 0..self.images.len() {
            if files.contains(&self.images[index].file) {
                self.read(index);
            }
        }
    }

    fn read(&mut self, index: usize) {
        let image = &mut self.images[index];
        image.asked += 1;
        #[expect(clippy::cast_possible_truncation, reason = "4 G images do not fit in memory")]
        let (id, number) = (ImageId(index as u32), image.asked);
        let order = Order { id, number, file: image.file.clone() };
        if self.is_aside && self.loader.is_none() {
            self.loader = Loader::start();
        }
        let refused = match &self.loader {
            Some(loader) if self.is_aside => loader.order(order).err(),
            _ => Some(order),
        };
        if let Some(Order { id, number, file }) = refused {
            self.take(Delivery { id, number, picture: decode(&file) });
        }
    }

    /// Takes in what was read meanwhile.
    fn receive(&mut self) {
        let deliveries: Vec<_> = self.loader.iter().flat_map(Loader::deliveries).collect();
        for delivery in deliveries {
            self.take(delivery);
        }
    }

    fn take(&mut self, Delivery { id, number, picture }: Delivery) {
        let image = &mut self.images[id.index()];
        if image.asked != number {
            return;
        }
        let path = &image.path;
        let picture = match (picture, &image.picture) {
            (Ok(picture), _) => picture,
            (Err(reason), None) => {
                self.errors.push(format!("cannot show the image {path}: {reason}"));
                checkerboard()
            }
            (Err(reason), Some(_)) => {
                let text = format!("cannot show the new image {path}: {reason}; the old one stays");
                return self.errors.push(text);
            }
        };
        image.picture = Some(picture);
        image.generation += 1;
    }
}

/// Reads the image in a file: PNG, JPEG, BMP or GIF, within the limits of [`Images`].
///
/// # Errors
/// Says what is wrong with it, and what to do.
pub fn read(file: &Path) -> Result<Picture, String> {
    decode(file)
}

/// A file's path as the system tells of it when it is saved, whether there is such a file or not.
fn real(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (folder, file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_owned(),
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
