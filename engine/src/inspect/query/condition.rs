//! The condition of a query as a tree, and whether a process meets it.

use std::cmp::Ordering;

use wildmatch::WildMatch;

use super::order::{compare, equal};
use super::word::{Subject, Word};
use crate::component::ComponentKind;
use crate::value::Value;

/// What a process has to be.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// All of these; of none, any process.
    All(Vec<Condition>),
    /// One of these at least.
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// The process has the component.
    Has(ComponentKind),
    /// What the word stands for is true.
    Holds(Word),
    Compare(Word, Comparison, Operand),
    Like(Word, WildMatch),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The comparisons as they are written.
    pub(super) const ALL: [(&'static str, Self); 6] = [
        ("==", Self::Equal),
        ("!=", Self::NotEqual),
        ("<", Self::Less),
        ("<=", Self::LessOrEqual),
        (">", Self::Greater),
        (">=", Self::GreaterOrEqual),
    ];

    fn holds(self, left: &Value, right: &Value) -> bool {
        let is = |wanted: fn(Ordering) -> bool| compare(left, right).is_some_and(wanted);
        match self {
            Self::Equal => equal(left, right),
            Self::NotEqual => !equal(left, right),
            Self::Less => is(Ordering::is_lt),
            Self::LessOrEqual => is(Ordering::is_le),
            Self::Greater => is(Ordering::is_gt),
            Self::GreaterOrEqual => is(Ordering::is_ge),
        }
    }
}

/// What a word is compared with.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    Value(Value),
    Word(Word),
}

impl Condition {
    /// Whether a process meets it. No more is read of the process than it takes to know.
    pub(super) fn is_met(&self, subject: &mut Subject<'_>) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|it| it.is_met(subject)),
            Self::Any(conditions) => conditions.iter().any(|it| it.is_met(subject)),
            Self::Not(condition) => !condition.is_met(subject),
            Self::Has(kind) => subject.has(kind),
            Self::Holds(word) => subject.read(word) == Value::Bool(true),
            Self::Compare(word, comparison, operand) => {
                let left = subject.read(word);
                match operand {
                    Operand::Value(right) => comparison.holds(&left, right),
                    Operand::Word(right) => comparison.holds(&left, &subject.read(right)),
                }
            }
            Self::Like(word, pattern) => match subject.read(word) {
                Value::Str(text) => pattern.matches(&text),
                _ => false,
            },
        }
    }
}
