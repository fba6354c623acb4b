use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::Images;
use crate::color::Color;

/// A folder of test files, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("metapython-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn images(&self) -> Images {
        let mut images = Images::default();
        images.set_root(&self.0);
        images
    }

    /// A file of one colour, and its path as a watcher has it.
    fn paint(&self, name: &str, color: Color) -> PathBuf {
        let Color { r, g, b, a } = color;
        let file = self.0.canonicalize().unwrap().join(name);
        image::RgbaImage::from_pixel(4, 4, image::Rgba([r, g, b, a])).save(&file).unwrap();
        file
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// 3 × 2 px, red with a translucent blue corner, in a format that the encoder makes.
fn small(format: image::ImageFormat) -> Vec<u8> {
    let mut pixels = image::RgbaImage::from_pixel(3, 2, image::Rgba([255, 0, 0, 255]));
    pixels.put_pixel(2, 1, image::Rgba([0, 0, 255, 128]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The header of a PNG that claims a size: signature and IHDR with its checksum, nothing behind.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 6, 0, 0, 0]);
    // CRC-32 as PNG's specification gives it, bit by bit.
    let crc = !chunk.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    });
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(chunk);
    bytes.extend(crc.to_be_bytes());
    bytes.extend(b"\0\0\0\0IDAT");
    bytes
}

/// An image is loaded once and keeps its pixels, also where its name says another format.
#[test]
fn an_image_is_loaded_once() {
    let folder = Folder::new("image-once");
    folder.write("a.png", &small(image::ImageFormat::Png));
    folder.write("b.jpg", &small(image::ImageFormat::Bmp));
    let mut images = folder.images();
    let a = images.load("a.png");
    fs::remove_file(folder.0.join("a.png")).unwrap();
    assert_eq!(images.load("a.png"), a);
    let picture = images.get(a).unwrap();
    assert_eq!((picture.width, picture.height), (3, 2));
    assert_eq!(picture.pixel(0, 0), Some(Color::rgb(255, 0, 0)));
    assert_eq!(picture.pixel(2, 1), Some(Color { r: 0, g: 0, b: 255, a: 128 }));
    let b = images.load("b.jpg");
    assert_eq!(images.get(b).unwrap().pixel(0, 0), Some(Color::rgb(255, 0, 0)));
    assert_eq!(images.take_errors(), Vec::<String>::new());
}

/// Whatever is wrong with a file, there is a checkerboard and one error that says what.
#[test]
fn a_bad_image_is_a_checkerboard_and_one_error() {
    let folder = Folder::new("image-bad");
    let whole = small(image::ImageFormat::Png);
    folder.write("truncated.png", &whole[..whole.len() - 20]);
    folder.write("text.png", b"this is no image");
    folder.write("empty.png", b"");
    folder.write("wide.png", &png_header(8193, 1));
    folder.write("vast.png", &png_header(u32::MAX >> 1, u32::MAX >> 1));
    folder.write("square.png", &png_header(8192, 8193));
    folder.write("unfinished.png", &png_header(8192, 8192));
    fs::create_dir(folder.0.join("folder.png")).unwrap();
    let mut images = folder.images();
    for (name, reason) in [
        ("truncated.png", "is damaged"),
        ("text.png", "is no PNG, JPEG, BMP or GIF"),
        ("empty.png", "is no PNG, JPEG, BMP or GIF"),
        ("wide.png", "has 8193 × 1 px, more than 8192 px a side and 64 million px in all"),
        ("vast.png", "needs too much memory"),
        ("square.png", "has 8192 × 8193 px"),
        ("unfinished.png", "is damaged"),
        ("folder.png", "it is a folder, a device or a pipe, not a file; check the path"),
        ("none.png", ": there is no such file; check the path"),
    ] {
        let id = images.load(name);
        assert_eq!(images.load(name), id);
        let errors = images.take_errors();
        assert_eq!(errors.len(), 1, "{name}: {errors:?}");
        assert!(errors[0].starts_with(&format!("cannot show the image {name}: ")), "{errors:?}");
        assert_eq!(errors[0].matches(name).count(), 1, "{errors:?}");
        assert!(errors[0].contains("; "), "{errors:?} has no remedy");
        assert!(errors[0].contains(reason), "{errors:?} lacks {reason}");
        let picture = images.get(id).unwrap();
        assert_eq!(picture.pixel(0, 0), Some(Color::rgb(255, 0, 255)), "{name}");
        assert_eq!(picture.pixel(8, 0), Some(Color::rgb(0, 0, 0)), "{name}");
    }
}

const RED: Color = Color::rgb(255, 0, 0);
const BLUE: Color = Color::rgb(0, 0, 255);

/// Read aside an image is there a little later, and at once where somebody wants a picture now.
#[test]
fn images_are_read_aside() {
    let folder = Folder::new("image-aside");
    folder.paint("a.png", RED);
    folder.paint("b.png", BLUE);
    let mut images = folder.images();
    images.read_aside(true);
    let a = images.load("a.png");
    let start = Instant::now();
    while images.get(a).is_none() && start.elapsed() < Duration::from_secs(20) {
        images.read_aside(true);
        std::thread::yield_now();
    }
    assert_eq!(images.get(a).unwrap().pixel(0, 0), Some(RED));
    let (b, none) = (images.load("b.png"), images.load("none.png"));
    images.read_aside(false);
    assert_eq!(images.get(b).unwrap().pixel(0, 0), Some(BLUE));
    assert!(images.get(none).is_some());
    // What the thread delivers of them now is late, and changes nothing.
    let generation = images.generation(none);
    images.read_aside(true);
    images.read_aside(false);
    assert_eq!((images.take_errors().len(), images.generation(none)), (1, generation));
}

/// A file that is saved is shown anew; one that is broken then is told of, and the old one stays.
#[test]
fn a_saved_image_is_read_anew() {
    let folder = Folder::new("image-anew");
    let file = folder.paint("a.png", RED);
    let mut images = folder.images();
    let id = images.load("a.png");
    assert_eq!(images.new_folders(), Some(vec![file.parent().unwrap().to_owned()]));
    assert_eq!(images.new_folders(), None);
    let before = images.generation(id);
    folder.paint("a.png", BLUE);
    images.reload(&[file.with_file_name("other.png")]);
    assert_eq!(images.generation(id), before);
    images.reload(std::slice::from_ref(&file));
    assert_eq!(images.get(id).unwrap().pixel(0, 0), Some(BLUE));
    assert_ne!(images.generation(id), before);
    folder.write("a.png", b"half of a fi");
    images.reload(&[file]);
    assert_eq!(images.get(id).unwrap().pixel(0, 0), Some(BLUE));
    let errors = images.take_errors();
    assert!(errors.len() == 1 && errors[0].ends_with("; the old one stays"), "{errors:?}");
    assert!(errors[0].starts_with("cannot show the new image a.png: "), "{errors:?}");
}

/// The same path in another folder is another image, also right after the first.
#[test]
fn another_folder_has_other_images() {
    let (one, other) = (Folder::new("here"), Folder::new("there"));
    one.paint("a.png", Color::rgb(255, 0, 0));
    other.paint("a.png", Color::rgb(0, 0, 255));
    let mut images = one.images();
    let red = images.load("a.png");
    assert_eq!(images.load("a.png"), red);
    images.set_root(&other.0);
    let blue = images.load("a.png");
    assert_ne!(red, blue);
    let first = |id| images.get(id).unwrap().rgba[..4].to_vec();
    assert_eq!([first(red), first(blue)], [[255, 0, 0, 255], [0, 0, 255, 255]]);
}
