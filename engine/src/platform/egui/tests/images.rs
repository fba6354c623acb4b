//! Images of the scene's folder within widgets.

use super::{EguiToolkit, Machine, NullDisplay, ScriptedInput, Surface, Toolkit, launch, window};
use crate::render::{Batch, Painting, Picture, Renderer, Texture};
use crate::ui::{ImageKind, Kind, Panel};

/// A picture of one colour.
fn save(file: &std::path::Path, [width, height]: [u32; 2], color: [u8; 4]) {
    let rgba = color.repeat(width as usize * height as usize);
    Picture { width, height, rgba }.save_png(file).expect("there is room");
}

/// The sizes of the images that are seen, px.
fn sizes(painting: &Painting) -> Vec<[f32; 2]> {
    let list = &painting.list;
    let images = list.batches.iter().filter_map(|batch| match batch {
        Batch::Quads(Texture::Image { .. }, range) => Some(range.clone()),
        _ => None,
    });
    images.flatten().map(|place| [list.quads[place].width, list.quads[place].height]).collect()
}

/// An image that is saved anew is painted anew: one of another shape in another place, and one of the
/// same by another revision, without which the old picture of it would stay.
#[test]
fn a_saved_image_is_painted_anew() {
    let name = format!("metapython-shown-{}.png", std::process::id());
    // As the system tells of it.
    let folder = std::env::temp_dir().canonicalize().expect("it is there");
    let file = folder.join(name);
    save(&file, [8, 8], [255, 0, 0, 255]);
    let mut machine = Machine::builder().build();
    machine.attach_display(Box::new(NullDisplay), Box::new(ScriptedInput::default()));
    let image = ImageKind { image: file.to_string_lossy().into_owned(), size: [64.0, 64.0] };
    let draw = move |panel: &mut Panel, _| {
        window(panel, |panel| {
            let id = panel.name("image");
            panel.add(id, Kind::Image(image.clone()), String::new(), true);
        });
        Ok(())
    };
    launch(&mut machine, 0.0, |_| true, draw);
    let mut toolkit = EguiToolkit::default();
    let mut renderer = Renderer::new(&mut bevy_ecs::world::World::new());
    machine.run(Some(2));
    for _ in 0..2 {
        toolkit.take_input(machine.world(), &mut ScriptedInput::default(), &mut Vec::new());
    }
    let mut look = |is_saved: bool| {
        if is_saved {
            renderer.images.reload(std::slice::from_ref(&file));
        }
        let surface = Surface { size_px: [640, 480], scale: 1.0 };
        let painting = toolkit.paint(machine.world(), &mut renderer, surface).expect("it is seen");
        (painting.revision, sizes(&painting))
    };
    let (first, shown) = look(false);
    assert_eq!(shown, [[64.0, 64.0]]);
    assert_eq!(look(false).0, first);
    save(&file, [8, 8], [0, 255, 0, 255]);
    let (second, shown) = look(true);
    assert_eq!(shown, [[64.0, 64.0]]);
    assert_ne!(second, first);
    save(&file, [8, 4], [0, 255, 0, 255]);
    let (third, shown) = look(true);
    std::fs::remove_file(&file).expect("it was saved");
    assert_eq!(shown, [[64.0, 32.0]]);
    assert_ne!(third, second);
}
