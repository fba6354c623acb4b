//! How large windows are, and what stands in them.

use egui::epaint::ClippedShape;
use egui::{Rect, Shape};

use super::containers::open;
use super::{EguiToolkit, FieldKind, Machine, NullDisplay, Panels, ScriptedInput};
use super::{Toolkit, WindowKind, button, launch, place};
use crate::ui::{Kind, Panel, Side, SideKind};

/// Shows what is drawn, until all is in its place.
fn show(draw: impl Fn(&mut Panel) + Send + Sync + 'static) -> Vec<ClippedShape> {
    let mut machine = Machine::builder().build();
    machine.attach_display(Box::new(NullDisplay), Box::new(ScriptedInput::default()));
    let draw = move |panel: &mut Panel, _| {
        draw(panel);
        Ok(())
    };
    launch(&mut machine, 0.0, |_| true, draw);
    let mut toolkit = EguiToolkit::default();
    for _ in 0..5 {
        machine.run(Some(1));
        toolkit.take_input(machine.world(), &mut ScriptedInput::default(), &mut Vec::new());
    }
    assert!(machine.world().resource::<Panels>().iter().next().is_some());
    toolkit.shapes
}

/// What the rectangles of all that is seen cover: that of the one window.
fn extent(shapes: &[ClippedShape]) -> Rect {
    fn extend(all: &mut Rect, shape: &Shape) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| extend(all, shape)),
            Shape::Rect(rect) => *all |= rect.rect,
            _ => {}
        }
    }
    let mut all = Rect::NOTHING;
    shapes.iter().for_each(|clipped| extend(&mut all, &clipped.shape));
    all
}

/// Draws a window at the corner of the scene.
fn window(
    panel: &mut Panel,
    size: [Option<f32>; 2],
    is_resizable: bool,
    draw: impl FnOnce(&mut Panel),
) {
    let window = WindowKind {
        title: "Test".to_owned(),
        place: [Some(0.0), Some(0.0)],
        size,
        is_movable: true,
        is_resizable,
        is_closable: false,
        has_title: true,
        has_frame: true,
    };
    open(panel, Kind::Window(window), draw);
}

const WIDTH: [Option<f32>; 2] = [Some(300.0), None];

/// Draws a row from the right.
fn row(panel: &mut Panel, draw: fn(&mut Panel)) {
    open(panel, Kind::Row { is_from_right: true }, draw);
}

fn memo(panel: &mut Panel) {
    let id = panel.name("memo");
    let kind = FieldKind {
        label: "memo".to_owned(),
        text: "text".to_owned(),
        hint: String::new(),
        is_password: false,
        rows: 3,
        width: None,
    };
    panel.add(id, Kind::Field(kind), String::new(), true);
}

/// The width of a window and what it holds are as said, edges included; where the user can change its size
/// and where not.
#[test]
fn a_window_is_as_large_as_it_says() {
    let few = |panel: &mut Panel| _ = button(panel, "A");
    let sized = show(move |panel| window(panel, [Some(300.0), Some(180.0)], true, few));
    assert_eq!(extent(&sized).size(), egui::vec2(300.0, 180.0));
    let fixed = show(move |panel| window(panel, [Some(300.0), Some(180.0)], false, few));
    assert_eq!(extent(&fixed).size(), egui::vec2(300.0, 180.0));
    let unsized_ = extent(&show(move |panel| window(panel, [None; 2], false, few)));
    assert_eq!(unsized_.width(), 280.0);
    assert!(unsized_.height() < 100.0, "{unsized_:?}");
    let high = show(move |panel| window(panel, [None, Some(180.0)], true, few));
    assert_eq!(extent(&high).size(), egui::vec2(280.0, 180.0));
    let full = show(|panel| {
        window(panel, [Some(300.0), Some(80.0)], false, |panel| {
            ["A", "B", "C", "D"].iter().for_each(|label| _ = button(panel, label));
        });
    });
    assert!(extent(&full).height() > 150.0, "{:?}", extent(&full));
}

/// A field of several rows leaves its label its room, in a window and in a strip.
#[test]
fn a_field_of_rows_leaves_room_for_its_label() {
    let shapes = show(|panel| window(panel, WIDTH, true, memo));
    assert_eq!(extent(&shapes).width(), 300.0);
    let label = place(&shapes, "memo").expect("it is seen");
    // It ends at the window's margin.
    assert!((label.x + 16.0 - 289.0).abs() < 2.0, "{label:?}");
    let shapes = show(|panel| {
        let strip = SideKind { side: Side::Left, size: Some(200.0), is_resizable: false };
        open(panel, Kind::Side(strip), memo);
    });
    let label = place(&shapes, "memo").expect("it is seen");
    assert!(label.x + 16.0 <= 200.0, "{label:?}");
}

/// No container in a row from the right makes its window wider than what is in it, and none is squeezed.
#[test]
fn a_row_from_the_right_keeps_its_window() {
    let group = show(|panel| {
        window(panel, WIDTH, true, |panel| {
            row(panel, |panel| open(panel, Kind::Group, |panel| _ = button(panel, "A")));
        });
    });
    let column = show(|panel| {
        window(panel, WIDTH, true, |panel| {
            row(panel, |panel| {
                open(panel, Kind::Column { width: Some(60.0) }, |panel| _ = button(panel, "A"));
            });
        });
    });
    let all = show(|panel| {
        window(panel, WIDTH, true, |panel| {
            row(panel, |panel| {
                open(panel, Kind::Scroll { height: Some(60.0) }, |panel| _ = button(panel, "A"));
                open(panel, Kind::Column { width: None }, |panel| _ = button(panel, "long words"));
                open(panel, Kind::Grid { columns: 2 }, |panel| {
                    ["1", "2", "3"].iter().for_each(|label| _ = button(panel, label));
                });
            });
        });
    });
    for shapes in [&group, &column, &all] {
        assert_eq!(extent(shapes).width(), 300.0);
    }
    // At the right, but for paddings.
    assert!(place(&group, "A").expect("it is seen").x > 240.0);
    let [words, one, two, three] =
        ["long words", "1", "2", "3"].map(|label| place(&all, label).expect("it is seen"));
    assert!(one.x < two.x && two.x < words.x, "{one:?} {two:?} {words:?}");
    assert!(one.y == two.y && one.y < three.y, "{one:?} {two:?} {three:?}");
}

/// What is in such a row may change from step to step, and has its room at once.
#[test]
fn what_changes_in_a_row_from_the_right_has_its_room() {
    let mut machine = Machine::builder().build();
    machine.attach_display(Box::new(NullDisplay), Box::new(ScriptedInput::default()));
    launch(
        &mut machine,
        0.0,
        |_| true,
        |panel, step| {
            let letters = usize::try_from(step).expect("there are few");
            let group = |panel: &mut Panel| {
                open(panel, Kind::Group, |panel| _ = button(panel, &"x".repeat(letters)));
            };
            window(panel, WIDTH, true, |panel| {
                open(panel, Kind::Row { is_from_right: true }, group);
            });
            Ok(())
        },
    );
    let mut toolkit = EguiToolkit::default();
    for step in 1..10 {
        machine.run(Some(1));
        toolkit.take_input(machine.world(), &mut ScriptedInput::default(), &mut Vec::new());
        // A window is not seen when it is shown first.
        if step > 2 {
            let words = "x".repeat(step);
            let middle = place(&toolkit.shapes, &words).expect("it is seen").x;
            let right = middle + 4.0 * words.len() as f32;
            assert!((right - 270.0).abs() < 2.0, "{words}: {right}");
            assert_eq!(extent(&toolkit.shapes).width(), 300.0, "{words}");
        }
    }
}
