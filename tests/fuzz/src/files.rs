//! What reads the files of authors and users: scenes, images, sounds, fonts, bindings.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use metapython_engine::audio::{Clip, Playable};
use metapython_engine::component::ComponentRegistry;
use metapython_engine::machine::Machine;
use metapython_engine::motion::Transform;
use metapython_engine::process::{self, NewProcess};
use metapython_engine::render::{Images, Label, Renderer};
use metapython_engine::scene::{Scene, read_bindings};

/// A file with any bytes, removed at the end.
struct AnyFile(PathBuf);

impl AnyFile {
    fn new(kind: &str, bytes: &[u8]) -> Self {
        let name = format!("metapython-fuzz-{}-{kind}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).expect("the folder for temporary files has room");
        Self(path)
    }
}

impl Drop for AnyFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

thread_local! {
    /// Whose components every scene is checked against, for none changes it.
    static MACHINE: RefCell<Machine> = RefCell::new(Machine::builder().build());
}

/// A scene: what is wrong with it is told at a place within it, and what is not, is written as it is read.
pub fn scene(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    MACHINE.with_borrow(|machine| {
        let registry = machine.world().resource::<ComponentRegistry>();
        let parse = |text: &str| Scene::parse(Path::new("any.ron"), text.to_owned(), registry);
        match parse(text) {
            Err(error) => {
                assert!(!error.message().is_empty());
                let is_within = error.excerpt().is_none_or(|(text, at)| at <= text.len());
                assert!(is_within, "{error}");
            }
            Ok(scene) => {
                let written = scene.to_ron();
                let again = parse(&written).expect("what was written can be read");
                assert_eq!(again.to_ron(), written);
            }
        }
    });
}

/// An image: pixels within the limits, or a checkerboard and one line that says why.
pub fn image(bytes: &[u8]) {
    let file = AnyFile::new("image", bytes);
    let mut images = Images::default();
    let id = images.load(&file.0.to_string_lossy());
    let picture = images.get(id).expect("it is not read aside");
    let (width, height) = (picture.width, picture.height);
    assert!((1..=Images::MAX_SIDE_PX).contains(&width.max(height)), "{width} × {height}");
    assert_eq!(picture.rgba.len(), width as usize * height as usize * 4);
    let errors = images.take_errors();
    assert!(errors.len() <= 1, "{errors:?}");
    assert!(errors.iter().all(|error| error.contains("cannot show the image")), "{errors:?}");
}

/// A sound: samples that can be heard, or what is wrong with it.
pub fn sound(bytes: &[u8]) {
    let file = AnyFile::new("sound", bytes);
    // What says that it is long is not decoded whole.
    match Playable::load(&file.0) {
        Ok(playable) => assert!(playable.sample_count() > 0),
        Err(error) => assert!(error.to_string().contains("; "), "{error} names no remedy"),
    }
    if let Ok(clip) = Clip::load(&file.0) {
        assert!(clip.sample_count() > 0);
        assert!(clip.samples().iter().flatten().all(|value| value.is_finite()));
    }
}

/// A font: a label is seen in it, or in Hack with one line that says why.
pub fn font(bytes: &[u8]) {
    let file = AnyFile::new("font.ttf", bytes);
    let mut machine = Machine::builder().build();
    let world = machine.world_mut();
    let label = process::spawn(world, &NewProcess::of("Label")).expect("the name is free");
    let text = "Affluent Ελ שלום 1½".to_owned();
    let font = file.0.to_string_lossy().into_owned();
    world.entity_mut(label).insert((
        Transform { x: 100.0, y: 100.0, ..Transform::default() },
        Label { text, font, wrap: 120.0, bold: true, italic: true, ..Label::default() },
    ));
    let mut renderer = Renderer::new(world);
    let frame = renderer.draw(world);
    assert!(frame.list.quads.len() < 100, "{} letters", frame.list.quads.len());
    let errors = renderer.take_errors();
    assert!(errors.len() <= 1, "{errors:?}");
}

/// The user's bindings: what is wrong with them is told at a place within the file.
pub fn bindings(bytes: &[u8]) {
    let file = AnyFile::new("bindings.ron", bytes);
    if let Err(error) = read_bindings(&file.0) {
        assert!(!error.message().is_empty());
        let is_within = error.excerpt().is_none_or(|(text, at)| at <= text.len());
        assert!(is_within, "{error}");
    }
}
