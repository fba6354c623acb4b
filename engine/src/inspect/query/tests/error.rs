//! What is said of a text that is no query.

use super::Bench;
use crate::inspect::query::{MAX_OFFSET, Query, SYNTAX};

/// Each error names its column and what would be right.
#[test]
fn errors_say_where_and_what_to_do() {
    let bench = Bench::full();
    let cases = [
        ("nme == Ball", "column 1: a process has no `nme`; did you mean `name`?"),
        ("class = Ball", "column 7: `=` means nothing in a query; to compare, write `==`"),
        (
            "class Ball",
            "column 7: expected a comparison such as `==`, `not`, `in` or `like`, not `Ball`",
        ),
        ("class ==", "column 9: expected a value for `class` (text), not the end"),
        (
            "name == \"Bäll\" name",
            "column 16: expected `and`, `or`, `show`, `order`, `limit` or `offset`, not `name`",
        ),
        ("tranform.x > 1", "column 1: a process has no `tranform`; did you mean `transform`?"),
        (
            "name == a or transform.xx > 1",
            "column 24: component Transform has no field `xx`; did you mean `x`?",
        ),
        ("transform.x.y > 1", "column 13: `transform.x` is a finite number: it has no `.y`"),
        ("has tranform", "column 5: there is no component `tranform`; did you mean `transform`?"),
        (
            "lives > 3",
            "column 1: a process has no `lives`; an attribute of a script is `attr.NAME`",
        ),
        ("attr > 3", "column 5: say which attribute: `attr.NAME`"),
        (
            "state == runing",
            "column 10: `state` is one of running, paused, held, not `runing`; did you mean \
             `running`?",
        ),
        ("transform.x > \"a\"", "column 15: `transform.x` is a number, not text (\"a\")"),
        ("time > lst", "column 8: a process has no `lst`; did you mean `last`?"),
        ("time > name", "column 8: `time` is a number, but `name` is text"),
        ("name == 3", "column 9: `name` is text, not a whole number (3); write \"3\""),
        ("name == 3x", "column 9: `3x` is no number; a text that begins with a digit needs quotes"),
        ("time > 1e999", "column 8: `1e999` is larger than any number"),
        ("time like \"1*\"", "column 11: patterns are for text, and `time` is a number"),
        ("name like 3", "column 11: a pattern is text such as \"Ba*\", not 3"),
        (
            "name like Ba*",
            "column 13: `*` means nothing in a query; a pattern needs quotes: like \"Ba*\"",
        ),
        ("name == 'Ball", "column 9: this text has no end: another ' is missing"),
        ("(name == Ball", "column 14: expected `and`, `or` or `)`, not the end"),
        ("name in Ball", "column 9: expected `(`, not `Ball`"),
        ("name in (Ball Bomb)", "column 15: expected `,` or `)`, not `Bomb`"),
        (
            "transform",
            "column 10: expected a comparison such as `==`, `not`, `in` or `like`, not the end",
        ),
        (
            "shape.color == oringe",
            "column 16: Shape.color takes a color (\"orange\", \"#ffa500\" or (255, 165, 0)), not \
             text (\"oringe\")",
        ),
        ("limit -1", "column 7: a number of rows is whole and not negative, not -1"),
        (
            "limit 1 offset 10001",
            "column 16: an offset is at most 10000, for the rows before it are kept to be sorted; a \
             condition, or the other order, leads to those that come later",
        ),
        ("limit 1 limit 2", "column 9: expected `show`, `order` or `offset`, not `limit`"),
        ("order time", "column 7: expected `by`, not `time`"),
        ("show name,", "column 11: expected something to ask for, such as `name`, not the end"),
        ("name == and", "column 9: expected a value for `name` (text), not `and`"),
        ("transform..x > 1", "column 1: a name is missing beside a dot of `transform..x`"),
    ];
    for (text, message) in cases {
        let error = Query::parse(bench.machine.world(), text).unwrap_err();
        assert_eq!(error.to_string(), message, "{text}");
    }
}

/// As many rows can be passed over as help says, and no more.
#[test]
fn an_offset_is_bounded() {
    let bench = Bench::new();
    let parse = |rows: usize| Query::parse(bench.machine.world(), &format!("offset {rows}"));
    assert!(parse(MAX_OFFSET).is_ok() && parse(MAX_OFFSET + 1).is_err());
    assert!(SYNTAX.ends_with(&format!("An offset\nis at most {MAX_OFFSET}.\n")));
}

/// Conditions stand in each other as deep as is said, and no deeper.
#[test]
fn depth_is_bounded() {
    let bench = Bench::new();
    let parse = |depth: usize| {
        let text = format!("{}name == a{}", "(".repeat(depth), ")".repeat(depth));
        Query::parse(bench.machine.world(), &text).map(drop)
    };
    assert_eq!(parse(63), Ok(()));
    let error = parse(64).unwrap_err().to_string();
    assert_eq!(error, "column 65: conditions stand in each other at most 64 deep");
    let nots = format!("{}name == a", "not ".repeat(1_000));
    assert!(Query::parse(bench.machine.world(), &nots).is_err());
}

/// A text is as long as is said, and no longer.
#[test]
fn length_is_bounded() {
    let bench = Bench::new();
    let parse = |length: usize| {
        let text = format!("name == \"{}\"", "a".repeat(length - 10));
        Query::parse(bench.machine.world(), &text).map(drop)
    };
    assert_eq!(parse(4_096), Ok(()));
    let error = parse(4_097).unwrap_err().to_string();
    assert_eq!(error, "column 4097: a query has at most 4096 bytes, not 4097");
    let umlauts = "ä".repeat(3_000);
    let error = Query::parse(bench.machine.world(), &format!("a{umlauts}")).unwrap_err();
    assert_eq!((error.at, error.column), (4_095, 2_049));
}

/// The examples of the help are queries.
#[test]
fn the_help_is_right() {
    let bench = Bench::full();
    let examples: Vec<_> = SYNTAX.lines().filter(|line| line.starts_with("  ")).take(4).collect();
    for example in examples {
        Query::parse(bench.machine.world(), example).unwrap();
    }
}
