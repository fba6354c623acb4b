//! What holds for any world and any query, beside a model that looks at everything and sorts it all;
//! and for any text.

use std::cmp::Ordering;

use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

use super::Bench;
use crate::inspect::query::{Query, Search, suggest};
use crate::process::SpawnOrder;

/// What the model knows of a process.
#[derive(Clone, Debug)]
struct Model {
    class: &'static str,
    priority: i32,
    x: Option<f64>,
}

/// A condition as the model has it.
#[derive(Clone, Debug)]
enum Wanted {
    Class(&'static str),
    Priority(&'static str, i32),
    X(&'static str, i32),
    HasTransform,
    Not(Box<Wanted>),
    Both(Box<Wanted>, Box<Wanted>),
    Either(Box<Wanted>, Box<Wanted>),
}

const CLASSES: [&str; 3] = ["Ball", "Bat", "Paddle"];
const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

fn holds(ordering: Option<Ordering>, comparison: &str) -> bool {
    match comparison {
        "==" => ordering == Some(Ordering::Equal),
        "!=" => ordering != Some(Ordering::Equal),
        "<" => ordering == Some(Ordering::Less),
        ">" => ordering == Some(Ordering::Greater),
        "<=" => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        _ => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
    }
}

impl Wanted {
    fn text(&self) -> String {
        match self {
            Self::Class(class) => format!("class == {class}"),
            Self::Priority(comparison, number) => format!("priority {comparison} {number}"),
            Self::X(comparison, number) => format!("transform.x{comparison}{number}"),
            Self::HasTransform => "has transform".into(),
            Self::Not(inner) => format!("not ({})", inner.text()),
            Self::Both(left, right) => format!("({}) and ({})", left.text(), right.text()),
            Self::Either(left, right) => format!("({}) or ({})", left.text(), right.text()),
        }
    }

    fn is_met(&self, process: &Model) -> bool {
        match self {
            Self::Class(class) => process.class == *class,
            Self::Priority(comparison, number) => {
                holds(Some(process.priority.cmp(number)), comparison)
            }
            Self::X(comparison, number) => {
                let ordering = process.x.and_then(|x| x.partial_cmp(&f64::from(*number)));
                holds(ordering, comparison)
            }
            Self::HasTransform => process.x.is_some(),
            Self::Not(inner) => !inner.is_met(process),
            Self::Both(left, right) => left.is_met(process) && right.is_met(process),
            Self::Either(left, right) => left.is_met(process) || right.is_met(process),
        }
    }
}

fn processes() -> impl Strategy<Value = Vec<Model>> {
    let x = prop_oneof![
        Just(None),
        Just(Some(f64::NAN)),
        (-3..4_i32).prop_map(|x| Some(f64::from(x))),
        any::<f64>().prop_map(Some),
    ];
    let model = (prop::sample::select(&CLASSES[..]), -3..4_i32, x)
        .prop_map(|(class, priority, x)| Model { class, priority, x });
    prop::collection::vec(model, 0..12)
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let comparison = || prop::sample::select(&COMPARISONS[..]);
    let leaf = prop_oneof![
        prop::sample::select(&CLASSES[..]).prop_map(Wanted::Class),
        (comparison(), -3..4_i32).prop_map(|(comparison, it)| Wanted::Priority(comparison, it)),
        (comparison(), -3..4_i32).prop_map(|(comparison, it)| Wanted::X(comparison, it)),
        Just(Wanted::HasTransform),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        let two = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            inner.clone().prop_map(|it| Wanted::Not(Box::new(it))),
            two().prop_map(|(left, right)| Wanted::Both(left, right)),
            two().prop_map(|(left, right)| Wanted::Either(left, right)),
        ]
    })
}

/// Where the model sorts: numbers by size, what is none after them.
fn by_x(left: &Model, right: &Model, is_descending: bool) -> Ordering {
    let number = |model: &Model| model.x.filter(|x| !x.is_nan());
    match (number(left), number(right)) {
        (Some(left), Some(right)) => {
            let ordering = left.partial_cmp(&right).unwrap();
            if is_descending { ordering.reverse() } else { ordering }
        }
        (left, right) => left.is_none().cmp(&right.is_none()),
    }
}

/// Words of the language and of the small world, and what belongs to neither.
fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(
        &[
            "and",
            "or",
            "not",
            "has",
            "in",
            "like",
            "show",
            "order",
            "by",
            "asc",
            "desc",
            "limit",
            "offset",
            "true",
            "none",
            "(",
            ")",
            ",",
            "==",
            "!=",
            "<",
            ">=",
            "name",
            "class",
            "state",
            "time",
            "transform",
            "transform.x",
            "attr.lives",
            "shape.color",
            "shape.visible",
            "Ball",
            "paused",
            "orange",
            "\"Ba*\"",
            "'",
            "3",
            "-1.5",
            "ä",
            ".",
            "\\",
            "=",
        ][..],
    );
    prop::collection::vec(words, 0..12).prop_map(|words| words.join(" "))
}

fn check_text(text: &str) -> Result<(), proptest::test_runner::TestCaseError> {
    let bench = Bench::full();
    let world = bench.machine.world();
    match Query::parse(world, text) {
        Err(error) => {
            prop_assert!(text.is_char_boundary(error.at), "{text:?}: {error:?}");
            prop_assert_eq!(error.column, text[..error.at].chars().count() + 1);
            prop_assert!(!error.message.is_empty() && !error.message.contains('\n'), "{:?}", error);
        }
        Ok(query) => {
            let mut bench = bench;
            let mut search = Search::new(bench.world(), query);
            prop_assert!(search.advance(bench.world(), u64::MAX));
            let width = search.columns().len();
            prop_assert!(search.rows().all(|row| row.values.len() == width));
            return Ok(());
        }
    }
    for cursor in 0..=text.len() + 1 {
        let suggestions = suggest(world, text, cursor);
        prop_assert!(suggestions.start <= cursor && text.is_char_boundary(suggestions.start));
    }
    Ok(())
}

proptest! {
    /// A search finds what looking at everything finds, in the same order, however often it is
    /// interrupted.
    #[test]
    fn a_search_finds_what_a_plain_filter_finds(
        processes in processes(),
        wanted in wanted(),
        is_descending in any::<bool>(),
        limit in 0..6_usize,
        offset in 0..4_usize,
    ) {
        let mut bench = Bench::new();
        for Model { class, priority, x } in &processes {
            let process = bench.spawn(&format!("test.{class}"), *priority, 0, 0);
            if let Some(x) = x {
                bench.place(process, *x);
            }
        }
        let direction = if is_descending { "desc" } else { "asc" };
        let condition = wanted.text();
        let text = format!("{condition} order by transform.x {direction} limit {limit} offset {offset}");
        let query = Query::parse(bench.machine.world(), &text).unwrap();
        let mut search = Search::new(bench.world(), query);
        while !search.advance(bench.world(), 0) {}
        let order = |row: &super::Row| bench.machine.world().get::<SpawnOrder>(row.process).unwrap().0;
        let found: Vec<_> = search.rows().map(order).collect();

        let mut model: Vec<_> =
            (0_u64..).zip(&processes).filter(|(_, process)| wanted.is_met(process)).collect();
        prop_assert_eq!(search.total(), model.len());
        model.sort_by(|(_, left), (_, right)| by_x(left, right, is_descending));
        let expected: Vec<_> =
            model.into_iter().map(|(order, _)| order).skip(offset).take(limit).collect();
        prop_assert_eq!(found, expected, "{}", text);
    }

    /// Any text is a query or has an error that points into it.
    #[test]
    fn any_text_is_understood_or_refused(text in ".*") {
        check_text(&text)?;
    }

    /// Any words of the language in any order are a query or have an error that points into them.
    #[test]
    fn any_words_are_understood_or_refused(text in soup()) {
        check_text(&text)?;
    }
}
