//! What a query could go on with.

use super::Bench;
use crate::inspect::query::suggest;

/// What is suggested at the end of each text, and from where.
#[test]
fn a_query_goes_on() {
    let bench = Bench::full();
    let cases = [
        ("na", 0, "name"),
        ("tr", 0, "transform."),
        (
            "transform.",
            0,
            "transform.relative transform.rotation transform.scale transform.x transform.y",
        ),
        ("TRANSFORM.X", 0, "transform.x"),
        ("class == Ball and la", 18, "label. last late lateness"),
        ("class == B", 9, "Ball Bomb"),
        ("class in (Ball, pa", 16, "Paddle"),
        ("state == ", 9, "held paused running"),
        ("parent == ball", 10, "Ball Ball1"),
        (
            "has ",
            4,
            "animation camera canvas interpolation label scope shape sound sprite target transform velocity",
        ),
        ("name ", 5, "!= < <= == > >= in like not"),
        ("name not ", 9, "in like"),
        ("name == Ball ", 13, "and limit offset or order show"),
        ("order ", 6, "by"),
        ("order by time d", 14, "desc"),
        ("limit ", 6, ""),
        ("name ! ", 7, ""),
        ("(name == a ", 11, ") and or"),
    ];
    for (text, start, found) in cases {
        let suggestions = suggest(bench.machine.world(), text, text.len());
        let texts: Vec<_> = suggestions.found.iter().map(|it| it.text.as_str()).collect();
        assert_eq!((suggestions.start, texts.join(" ")), (start, found.to_owned()), "{text}");
    }
    let suggestions = suggest(bench.machine.world(), "prio > 3", 4);
    assert_eq!(suggestions.found[0].detail, "higher steps first");
}
