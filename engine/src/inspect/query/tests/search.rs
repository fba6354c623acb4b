//! A search takes the time that there is, and looks at no more than it needs.

use std::sync::atomic::Ordering;

use super::Bench;
use crate::inspect::query::{Query, Search};
use crate::process::{self, Names};

fn begin(bench: &mut Bench, text: &str) -> Search {
    let query = Query::parse(bench.machine.world(), text).unwrap();
    Search::new(bench.world(), query)
}

fn names(bench: &Bench, search: &Search) -> Vec<String> {
    search.rows().map(|row| process::instance_name(bench.machine.world(), row.process)).collect()
}

/// When its time is up a search stops, but for one process; who goes meanwhile is left out, and who
/// comes too.
#[test]
fn a_search_goes_on_where_it_stopped() {
    let mut bench = Bench::full();
    let now = bench.nanos.load(Ordering::Relaxed);
    let mut search = begin(&mut bench, "order by name");
    assert_eq!((search.left(), search.total()), (4, 0));
    assert!(!search.advance(bench.world(), now));
    assert_eq!((search.left(), search.total()), (3, 1));
    let seen = names(&bench, &search);
    let gone = if seen == ["Ball1"] { "Ball" } else { "Ball1" };
    let gone_process = bench.world().resource::<Names>().get(gone).unwrap();
    process::delete(bench.world(), gone_process);
    bench.spawn("pong.Late", 0, 0, 0);
    bench.machine.run(Some(1));
    assert!(search.advance(bench.world(), u64::MAX));
    assert_eq!((search.left(), search.total()), (0, 3));
    let mut left = vec!["Ball", "Ball1", "Bomb", "Paddle"];
    left.retain(|name| *name != gone);
    assert_eq!(names(&bench, &search), left);
}

/// A world without processes is searched at once.
#[test]
fn nobody_is_soon_found() {
    let mut bench = Bench::new();
    let mut search = begin(&mut bench, "name == Ball");
    assert!(search.advance(bench.world(), 0));
    assert_eq!((search.total(), search.rows().count()), (0, 0));
}

/// The limit bounds the rows, and not what is counted.
#[test]
fn the_total_is_that_of_all() {
    let mut bench = Bench::full();
    assert_eq!(bench.rows("has transform limit 1").1, 3);
    assert_eq!(bench.rows("has transform limit 0").1, 3);
    let query = Query::parse(bench.machine.world(), "limit 3").unwrap().or_limit(1);
    let mut search = Search::new(bench.world(), query);
    assert!(search.advance(bench.world(), u64::MAX));
    assert_eq!(search.rows().count(), 3);
    let query = Query::parse(bench.machine.world(), "").unwrap().or_limit(1);
    let mut search = Search::new(bench.world(), query);
    assert!(search.advance(bench.world(), u64::MAX));
    assert_eq!((search.rows().count(), search.total()), (1, 4));
}

/// Attributes are asked for where a condition comes down to them, once a process, and for columns
/// of rows that stay.
#[test]
fn attributes_are_read_no_more_than_needed() {
    let mut bench = Bench::full();
    let mut asked = |text: &str| {
        let before = bench.asked.load(Ordering::Relaxed);
        bench.rows(text);
        bench.asked.load(Ordering::Relaxed) - before
    };
    assert_eq!(asked("class == Ball and transform.x > 0"), 0);
    assert_eq!(asked("class == Paddle and attr.lives > 0"), 1);
    assert_eq!(asked("attr.lives > 0 and attr.path.1 > 0 show attr.home"), 4);
    assert_eq!(asked("class == Ball show attr.lives"), 2);
    assert_eq!(asked("show attr.lives limit 0"), 0);
}
