//! Frame times and alerts.

use bevy_ecs::hierarchy::ChildOf;

use super::{Desk, words};
use crate::alert::{self, Level};
use crate::frame::TurnTimes;

/// The longest and the mean turn are told of what was measured; a folded plot measures nothing.
#[test]
fn turns_are_measured_while_their_plot_is_open() {
    let mut desk = Desk::new(&["Ball"]);
    let measured = |desk: &Desk| desk.machine.world().resource::<TurnTimes>().turns().len();
    desk.settle();
    desk.machine.run(Some(10));
    assert_eq!(measured(&desk), 10);
    let painted = desk.settle();
    for curve in ["turn", "steps", "picture"] {
        assert!(words(&painted).contains(&curve), "{curve}: {:?}", words(&painted));
    }
    desk.click("Frame times");
    desk.settle();
    desk.machine.run(Some(200));
    assert_eq!(measured(&desk), 0);
}

/// Alerts are counted by level, hidden by level, and lead to who raised them.
#[test]
fn alerts_are_listed_by_level() {
    let mut desk = Desk::new(&["Ball", "Other"]);
    let world = desk.machine.world_mut();
    alert::raise(world, "Ball", Level::Error, "burst\nhere");
    alert::raise(world, "Other", Level::V, "one");
    alert::raise(world, "clock", Level::V, "two");
    let shown = |desk: &mut Desk| {
        let painted = desk.settle();
        let is_alert = |word: &&str| word.contains(": ") && word.starts_with("0.0");
        words(&painted).into_iter().filter(is_alert).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(shown(&mut desk), ["0.03 Ball: burst", "0.03 Other: one", "0.03 clock: two"]);
    desk.click("v 2");
    assert_eq!(shown(&mut desk), ["0.03 Ball: burst"]);
    desk.click("v 2");
    desk.click("error 1");
    assert_eq!(shown(&mut desk), ["0.03 Other: one", "0.03 clock: two"]);
    desk.click("0.03 clock: two");
    desk.click("0.03 Other: one");
    assert!(words(&desk.settle()).contains(&"Process  Other"));
}

/// A click on an alert, a parent or a child brings the process into view, whichever was before.
#[test]
fn a_click_on_a_name_brings_its_process_into_view() {
    let names: Vec<String> = (0..40).map(|number| format!("Other{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut desk = Desk::new(&names);
    let (first, last) = (desk.entity("Other0"), desk.entity("Other39"));
    let world = desk.machine.world_mut();
    world.entity_mut(last).insert(ChildOf(first));
    alert::raise(world, "Other39", Level::V, "here");
    let is_listed = |desk: &mut Desk, name: &str| {
        let painted = desk.settle();
        let heading =
            painted.iter().find(|it| it.text.starts_with("Process  ")).map(|it| it.place.top());
        painted.iter().any(|it| it.text == name && Some(it.place.top()) < heading)
    };
    assert!(!is_listed(&mut desk, "Other39"));
    desk.click("0.03 Other39: here");
    assert!(words(&desk.settle()).contains(&"Process  Other39"));
    assert!(is_listed(&mut desk, "Other39"));
    assert!(!is_listed(&mut desk, "Other0"));
    desk.click("Other0");
    assert!(words(&desk.settle()).contains(&"Process  Other0"));
    assert!(is_listed(&mut desk, "Other0"));
}
