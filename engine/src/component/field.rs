//! One field of a component: its name, what it takes, and its conversion from and to plain data.

use std::borrow::Cow;

use super::storage::Primitive;
use crate::color::Color;
use crate::value::Value;

/// A named, typed field of a component.
#[derive(Clone, Debug)]
pub struct Field {
    /// The field's name: `x`.
    pub name: Cow<'static, str>,
    /// What it means, with its unit.
    pub doc: Cow<'static, str>,
    /// What it takes.
    pub kind: FieldKind,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// A finite number.
    Float,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A truth value.
    Bool,
    /// Text.
    Text,
    /// A colour: a CSS colour, or three or four channels of 0 to 255.
    Color,
    /// Points: pairs of finite numbers.
    Points,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// So many finite numbers, at most [`MAX_VECTOR`].
    Vector(u8),
    /// Whatever a script puts there.
    Object,
}

/// How many numbers a field of [`FieldKind::Vector`] has at most: those of a 4 by 4 matrix.
pub const MAX_VECTOR: u8 = 16;

impl FieldKind {
    /// The kind in the words of an error message.
    pub fn describe(&self) -> String {
        match self {
            Self::Float => "a finite number".into(),
            Self::Int => "a whole number of 32 bits".into(),
            Self::Long => "a whole number of 64 bits".into(),
            Self::Bool => "true or false".into(),
            Self::Text => "text".into(),
            Self::Color => "a color (\"orange\", \"#ffa500\" or (255, 165, 0))".into(),
            Self::Points => "points ((x, y), (x, y), ...) of finite numbers".into(),
            Self::Choice(words) => {
                let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
                format!("one of {}", quoted.join(", "))
            }
            Self::Vector(length) => format!("a tuple of {length} finite numbers"),
            Self::Object => "any object".into(),
        }
    }
}

/// A Rust type that a component's field can have.
pub trait FieldValue: Sized {
    /// What fields of this type take.
    const KIND: FieldKind;
    /// What the type is in memory: `Some` for the number types themselves, and nothing else.
    const PRIMITIVE: Option<Primitive> = None;

    /// The value as plain data.
    fn to_value(&self) -> Value;

    /// The value from plain data, or `None` where it is of another kind or out of range.
    fn from_value(value: &Value) -> Option<Self>;
}

/// An enumeration whose cases are written as words, in fields of [`FieldKind::Choice`].
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// The cases with their words, in order.
    const CASES: &'static [(&'static str, Self)];
    /// The words, in order.
    const WORDS: &'static [&'static str];
}

impl<C: Choice> FieldValue for C {
    const KIND: FieldKind = FieldKind::Choice(C::WORDS);

    fn to_value(&self) -> Value {
        let word = Self::CASES.iter().find(|(_, case)| case == self).map_or("", |(word, _)| word);
        Value::Str(word.to_owned())
    }

    fn from_value(value: &Value) -> Option<Self> {
        let Value::Str(text) = value else { return None };
        Self::CASES.iter().find(|(word, _)| word == text).map(|(_, case)| *case)
    }
}

impl FieldValue for f64 {
    const KIND: FieldKind = FieldKind::Float;
    const PRIMITIVE: Option<Primitive> = Some(Primitive::Float);

    fn to_value(&self) -> Value {
        Value::Float(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Float(number) if number.is_finite() => Some(*number),
            #[expect(clippy::cast_precision_loss, reason = "as Python's float(int) rounds")]
            Value::Int(number) => Some(*number as f64),
            _ => None,
        }
    }
}

impl FieldValue for i32 {
    const KIND: FieldKind = FieldKind::Int;
    const PRIMITIVE: Option<Primitive> = Some(Primitive::Int);

    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Self::try_from(*number).ok(),
            _ => None,
        }
    }
}

impl FieldValue for bool {
    const KIND: FieldKind = FieldKind::Bool;
    const PRIMITIVE: Option<Primitive> = Some(Primitive::Bool);

    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }
}

impl FieldValue for String {
    const KIND: FieldKind = FieldKind::Text;

    fn to_value(&self) -> Value {
        Value::Str(self.clone())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FieldValue for Color {
    const KIND: FieldKind = FieldKind::Color;

    fn to_value(&self) -> Value {
        Value::Str(self.to_string())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) => Self::parse(text),
            Value::List(channels) => {
                let channel = |value: &Value| match value {
                    Value::Int(number) => u8::try_from(*number).ok(),
                    _ => None,
                };
                let channels: Option<Vec<u8>> = channels.iter().map(channel).collect();
                match *channels?.as_slice() {
                    [r, g, b] => Some(Self { r, g, b, a: 255 }),
                    [r, g, b, a] => Some(Self { r, g, b, a }),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl FieldValue for Vec<[f64; 2]> {
    const KIND: FieldKind = FieldKind::Points;

    fn to_value(&self) -> Value {
        let point = |[x, y]: &[f64; 2]| Value::List(vec![Value::Float(*x), Value::Float(*y)]);
        Value::List(self.iter().map(point).collect())
    }

    fn from_value(value: &Value) -> Option<Self> {
        let Value::List(points) = value else { return None };
        let point = |value: &Value| match value {
            Value::List(pair) => match pair.as_slice() {
                [x, y] => Some([f64::from_value(x)?, f64::from_value(y)?]),
                _ => None,
            },
            _ => None,
        };
        points.iter().map(point).collect()
    }
}
