//! Containers in containers.

use egui::Rect;

use super::{EguiToolkit, ScriptedInput, place, window};
use crate::machine::Machine;
use crate::platform::headless::display::NullDisplay;
use crate::render::Window;
use crate::ui::tests::{button, launch};
use crate::ui::{Kind, Panel, Side, SideKind, Toolkit, WindowKind};

/// Each kind of container, by a name.
fn containers() -> Vec<(&'static str, Kind)> {
    let side = |side| Kind::Side(SideKind { side, size: None, is_resizable: false });
    let dialog = Kind::Dialog { title: "Dialog".to_owned(), width: Some(200.0) };
    let inner = WindowKind {
        title: "Inner".to_owned(),
        place: [Some(400.0), Some(300.0)],
        size: [None; 2],
        is_movable: true,
        is_resizable: true,
        is_closable: true,
        has_title: true,
        has_frame: true,
    };
    vec![
        ("row", Kind::Row { is_from_right: false }),
        ("row from the right", Kind::Row { is_from_right: true }),
        ("column", Kind::Column { width: None }),
        ("grid", Kind::Grid { columns: 2 }),
        ("group", Kind::Group),
        ("scroll", Kind::Scroll { height: None }),
        ("collapsing", Kind::Collapsing { label: "Head".to_owned(), is_open: true }),
        ("window", Kind::Window(inner)),
        ("dialog", dialog),
        ("top", side(Side::Top)),
        ("bottom", side(Side::Bottom)),
        ("left", side(Side::Left)),
        ("right", side(Side::Right)),
        ("menu bar", Kind::MenuBar),
        ("menu", Kind::Menu { label: "Menu".to_owned() }),
        ("context menu", Kind::ContextMenu),
    ]
}

/// Those in which three buttons are always seen, whatever they are in.
const FLOWING: [&str; 6] = ["row", "row from the right", "column", "grid", "group", "scroll"];

pub(super) fn open(panel: &mut Panel, kind: Kind, draw: impl FnOnce(&mut Panel)) {
    let id = panel.name_apart("container");
    let opened = panel.open(id, kind, true);
    draw(panel);
    panel.close(opened);
}

/// A machine in which this is drawn, and what is seen of it when all is in its place.
fn shown(mut draw: impl FnMut(&mut Panel) + Send + Sync + 'static) -> (Machine, EguiToolkit) {
    let mut machine = Machine::builder().build();
    machine.attach_display(Box::new(NullDisplay), Box::new(ScriptedInput::default()));
    launch(
        &mut machine,
        0.0,
        |_| true,
        move |panel, _| {
            draw(panel);
            Ok(())
        },
    );
    let mut toolkit = EguiToolkit::default();
    for _ in 0..3 {
        machine.run(Some(1));
        toolkit.take_input(machine.world(), &mut ScriptedInput::default(), &mut Vec::new());
    }
    (machine, toolkit)
}

/// Where the words of three buttons are seen in a window: the one in the middle, and one more beside
/// it, are in the second container.
fn places(outer: &Kind, inner: &Kind) -> [Option<Rect>; 4] {
    let (outer, inner) = (outer.clone(), inner.clone());
    let draw = move |panel: &mut Panel| {
        window(panel, |panel| {
            open(panel, outer.clone(), |panel| {
                button(panel, "A");
                open(panel, inner.clone(), |panel| {
                    button(panel, "B");
                    button(panel, "C");
                });
                button(panel, "D");
            });
        });
    };
    let (_, toolkit) = shown(draw);
    let around = |at| Rect::from_center_size(at, egui::vec2(16.0, 16.0));
    ["A", "B", "C", "D"].map(|label| place(&toolkit.shapes, label).map(around))
}

/// Whatever containers are in each other, nothing breaks; and where there is room for buttons, each is
/// seen, none over another, within the window of 300 px. Only a row from the right takes the rest of the
/// row that it is in: what would come after it has no place there.
#[test]
fn each_container_can_be_in_each() {
    for (outer_name, outer) in &containers() {
        for (inner_name, inner) in &containers() {
            let places = places(outer, inner);
            let is_flowing = [outer_name, inner_name].iter().all(|name| FLOWING.contains(name));
            if !is_flowing {
                continue;
            }
            let case = format!("a {inner_name} in a {outer_name}: {places:?}");
            let seen: Vec<_> = places.into_iter().flatten().collect();
            assert_eq!(seen.len(), 4, "{case}");
            let fills = (*outer_name, *inner_name) == ("row", "row from the right");
            for (number, one) in seen.iter().enumerate().take(if fills { 3 } else { 4 }) {
                assert!(one.min.x >= 0.0 && one.max.x <= 312.0, "{case}");
                assert!(!seen[..number].iter().any(|other| other.intersects(*one)), "{case}");
            }
        }
    }
}

/// In a row from the right, what is in it stands at the right, and a row within it reads from the left.
#[test]
fn a_row_within_a_row_from_the_right_stands_where_it_is_its_turn() {
    let row = |is_from_right| Kind::Row { is_from_right };
    let x = places(&row(true), &row(false)).map(|place| place.expect("it is seen").center().x);
    let [a, b, c, d] = x;
    assert!(d < b && b < c && c < a, "{x:?}");
    assert!(a > 260.0 && d > 150.0, "{x:?}");
}

/// A strip at a side stands at the side, whatever windows and rows were drawn before it within the
/// process's own window.
#[test]
fn a_strip_after_a_window_in_a_row_stands_at_its_side() {
    let kind = |wanted: &str| containers().into_iter().find(|(name, _)| *name == wanted).unwrap().1;
    let [row, inner] = ["row", "window"].map(kind);
    let strip = SideKind { side: Side::Right, size: Some(100.0), is_resizable: false };
    let draw = move |panel: &mut Panel| {
        let id = panel.name("row");
        let opened = panel.open(id, row.clone(), false);
        button(panel, "A");
        open(panel, inner.clone(), |panel| _ = button(panel, "B"));
        panel.close(opened);
        open(panel, Kind::Side(strip.clone()), |panel| _ = button(panel, "C"));
    };
    let (machine, toolkit) = shown(draw);
    let [width, _] = machine.world().resource::<Window>().size_px();
    let [a, b, c] = ["A", "B", "C"].map(|label| place(&toolkit.shapes, label).expect("it is seen"));
    assert!(c.x > width as f32 - 100.0 && c.y < 50.0, "{c:?} in {width} px");
    assert!(a.x < 300.0 && b.distance(a) > 100.0, "{a:?} {b:?}");
}
