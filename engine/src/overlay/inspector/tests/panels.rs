//! Frame times and alerts.

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
