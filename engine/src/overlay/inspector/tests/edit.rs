//! The panel of the selected process.

use egui::{Event, Key, vec2};

use super::{Desk, button, words};
use crate::motion::Transform;
use crate::process::{self, Fault, Held, Names, Priority};
use crate::render::{Label, Shape};

fn desk() -> Desk {
    let mut desk = Desk::new(&["Ball", "Other"]);
    desk.size.y = 1_600.0;
    desk.select("Ball");
    desk
}

fn ball(desk: &Desk) -> Transform {
    desk.machine.world().get::<Transform>(desk.entity("Ball")).unwrap().clone()
}

/// A number that is typed is one line, when it is whole; the world moves on meanwhile.
#[test]
fn a_typed_number_is_one_line() {
    let mut desk = desk();
    let at = desk.beside("x").center();
    desk.click_at(at);
    desk.write("1");
    for letter in ["2", ".", "2", "5"] {
        let process = desk.entity("Ball");
        desk.machine.world_mut().get_mut::<Transform>(process).unwrap().x += 1.0;
        desk.frame(vec![Event::Text(letter.to_owned())]);
    }
    assert!(desk.lines.is_empty(), "{:?}", desk.lines);
    desk.key(Key::Enter);
    assert_eq!(desk.submit(), ["%set Ball.transform.x 12.25"]);
    assert_eq!(ball(&desk).x, 12.25);
    desk.settle();
    assert!(desk.lines.is_empty());
}

/// A frame that is drawn once more gives the lines of the first time, each once.
#[test]
fn a_frame_drawn_twice_gives_its_lines_once() {
    let mut desk = desk();
    let at = desk.beside("x").center();
    desk.draws_twice = true;
    desk.click_at(at);
    desk.write("12");
    desk.key(Key::Enter);
    desk.click("Pause");
    assert_eq!(desk.submit(), ["%set Ball.transform.x 12", "%pause Ball"]);
}

/// Who only looks in changes nothing, not even the last digit; Escape leaves all as it was.
#[test]
fn what_is_not_changed_gives_no_line() {
    let mut desk = desk();
    let process = desk.entity("Ball");
    desk.machine.world_mut().get_mut::<Transform>(process).unwrap().x = 1.234_567_89;
    let at = desk.beside("x").center();
    desk.click_at(at);
    desk.key(Key::Enter);
    desk.click_at(at);
    desk.write("77");
    desk.key(Key::Escape);
    desk.settle();
    assert!(desk.lines.is_empty(), "{:?}", desk.lines);
    assert!(words(&desk.settle()).contains(&"1.235"));
}

/// A number that is dragged is one line when the button is let go.
#[test]
fn a_dragged_number_is_one_line() {
    let mut desk = desk();
    let at = desk.beside("scale").center();
    desk.frame(vec![Event::PointerMoved(at)]);
    desk.frame(vec![button(at, true)]);
    for step in 1_u8..=10 {
        desk.frame(vec![Event::PointerMoved(at + vec2(10.0 * f32::from(step), 0.0))]);
        desk.machine.turn();
        assert!(desk.lines.is_empty());
    }
    desk.frame(vec![button(at + vec2(100.0, 0.0), false)]);
    assert_eq!(desk.lines.len(), 1, "{:?}", desk.lines);
    desk.submit();
    let scale = ball(&desk).scale;
    assert!(scale > 1.5 && scale < 2.5, "{scale}");
}

/// Terms and states are changed by their commands.
#[test]
fn buttons_and_terms_give_commands() {
    let mut desk = desk();
    let at = desk.beside("priority").center();
    desk.click_at(at);
    desk.write("7");
    desk.key(Key::Enter);
    desk.click("Pause");
    assert_eq!(desk.submit(), ["%priority Ball 7", "%pause Ball"]);
    let process = desk.entity("Ball");
    assert_eq!(desk.machine.world().get::<Priority>(process), Some(&Priority(7)));
    desk.click("Resume");
    desk.click("Step");
    assert_eq!(desk.submit(), ["%resume Ball", "%step Ball"]);
    let at = desk.beside("interval").center();
    desk.click_at(at);
    desk.write("0.5");
    desk.key(Key::Enter);
    assert_eq!(desk.lines, ["%interval Ball 0.5"]);
}

/// Nothing is killed by one click.
#[test]
fn killing_is_confirmed() {
    let mut desk = desk();
    desk.click("Kill");
    assert!(words(&desk.settle()).contains(&"Kill Ball?"));
    desk.click("No");
    desk.click("Kill");
    assert!(desk.lines.is_empty());
    desk.click("Yes, kill");
    assert_eq!(desk.submit(), ["%kill Ball"]);
    assert!(desk.machine.world().resource::<Names>().get("Ball").is_none());
    assert!(words(&desk.settle()).contains(&"It is gone."));
}

/// Texts arrive as they are, whatever stands in them.
#[test]
fn texts_arrive_as_they_are() {
    for text in ["true", "a \"b\" \\ 'c", "(1, 2)", "", "None", "größe 5"] {
        let mut desk = desk();
        let process = desk.entity("Ball");
        let label = Label { text: "before".to_owned(), ..Label::default() };
        desk.machine.world_mut().entity_mut(process).insert(label);
        desk.click("before");
        desk.write(text);
        if text.is_empty() {
            desk.key(Key::Backspace);
        }
        desk.key(Key::Enter);
        assert_eq!(desk.submit().len(), 1);
        assert_eq!(desk.machine.world().get::<Label>(process).unwrap().text, text);
    }
}

/// Colours and points are typed, words chosen from a list.
#[test]
fn words_and_colors_are_set() {
    let mut desk = desk();
    let process = desk.entity("Ball");
    desk.machine.world_mut().entity_mut(process).insert(Shape::default());
    let color = desk.machine.world().get::<Shape>(process).unwrap().color.to_string();
    desk.click(&color);
    desk.write("orange");
    desk.key(Key::Enter);
    assert_eq!(desk.submit(), ["%set Ball.shape.color \"orange\""]);
    let shape = desk.machine.world().get::<Shape>(process).unwrap();
    assert_eq!(shape.color.to_string(), "#ffa500");
    desk.click("circle");
    desk.click("polygon");
    assert_eq!(desk.submit(), ["%set Ball.shape.kind \"polygon\""]);
    desk.click("[]");
    desk.write("[(0, 0), (5, 0), (5.5, 5)]");
    desk.key(Key::Enter);
    assert_eq!(desk.submit(), ["%set Ball.shape.points [(0, 0), (5, 0), (5.5, 5)]"]);
    let points = &desk.machine.world().get::<Shape>(process).unwrap().points;
    assert_eq!(points.as_slice(), [[0.0, 0.0], [5.0, 0.0], [5.5, 5.0]]);
    assert!(words(&desk.settle()).contains(&"[[0, 0], [5, 0], [5.5, 5]]"));
}

/// A fault is shown with its traceback.
#[test]
fn a_fault_has_its_traceback() {
    let mut desk = desk();
    let process = desk.entity("Ball");
    let fault = Fault::raised("ValueError: no".to_owned(), "Traceback:\n  line 3\n".to_owned());
    desk.machine.world_mut().entity_mut(process).insert(Held(fault));
    let painted = desk.settle();
    for expected in ["held", "ValueError: no", "Traceback:\n  line 3", "Resume"] {
        assert!(words(&painted).contains(&expected), "{expected}: {:?}", words(&painted));
    }
}

/// Parent and children are links.
#[test]
fn relatives_are_links() {
    let mut desk = desk();
    let (parent, child) = (desk.entity("Ball"), desk.entity("Other"));
    let world = desk.machine.world_mut();
    world.entity_mut(child).insert(bevy_ecs::hierarchy::ChildOf(parent));
    let at = desk.beside("children").center();
    desk.click_at(at);
    assert!(words(&desk.settle()).contains(&"Process  Other"));
    let at = desk.beside("parent").center();
    desk.click_at(at);
    assert!(words(&desk.settle()).contains(&"Process  Ball"));
    process::delete(desk.machine.world_mut(), child);
}
