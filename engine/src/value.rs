//! Plain data: what crosses between scene files, component fields and scripts.
//!
//! Everything that a user can write in a scene, type in a console or read from a component is one
//! of these. A [`Value`] owns what it holds and knows no world.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::component::Object;

/// One piece of plain data.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing: `None` in Python, `()` or `None` in RON.
    #[default]
    None,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// A number of 64 bits in IEEE 754 double precision.
    Float(f64),
    /// Text.
    Str(String),
    /// Raw bytes, as messages carry them.
    Bytes(Vec<u8>),
    /// Values in order: a tuple or a list.
    List(Vec<Value>),
    /// Pairs in the order in which they were written.
    Map(Vec<(Value, Value)>),
    /// Something that only scripts know; equal only to itself.
    Object(Object),
}

impl Value {
    /// What the value is, in the words of an error message: `a number`, `text`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::None => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Str(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
        }
    }
}

/// The number without what no comparison shows: every NaN is the same one, and -0 is 0.
///
/// Which NaN and which zero comes out of a calculation may depend on the order of operands, which
/// compilers and vectorised loops choose.
pub fn canonical(number: f64) -> f64 {
    // Adding 0 turns -0 into 0 and changes no other number.
    if number.is_nan() { f64::NAN } else { number + 0.0 }
}

/// The number as people write it: `0.25`, and `1e300` rather than three hundred zeros.
pub(crate) fn written(number: f64) -> String {
    let is_short = number == 0.0 || (1e-5..1e16).contains(&number.abs());
    if is_short { number.to_string() } else { format!("{number:e}") }
}

impl fmt::Display for Value {
    /// Writes the value as RON would have it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => out.write_str("()"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Int(value) => write!(out, "{value}"),
            Self::Float(value) => write!(out, "{value:?}"),
            Self::Str(value) => write!(out, "{value:?}"),
            Self::Bytes(value) => write!(out, "b\"{}\"", value.escape_ascii()),
            Self::List(values) => {
                out.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(out, "{separator}{value}")?;
                }
                out.write_str("]")
            }
            Self::Map(pairs) => {
                out.write_str("{")?;
                for (index, (key, value)) in pairs.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(out, "{separator}{key}: {value}")?;
                }
                out.write_str("}")
            }
            Self::Object(_) => out.write_str("object"),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("plain data: a number, text, a truth value, a list or a map")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value)
            .map(Value::Int)
            .map_err(|_| E::custom(format!("{value} does not fit in 64 bits with a sign")))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_char<E: de::Error>(self, value: char) -> Result<Value, E> {
        Ok(Value::Str(value.to_string()))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Str(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::Str(value))
    }

    fn visit_bytes<E: de::Error>(self, value: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(value.to_vec()))
    }

    fn visit_byte_buf<E: de::Error>(self, value: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(value))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        Value::deserialize(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = entries.next_entry()? {
            pairs.push(pair);
        }
        Ok(Value::Map(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    /// What a scene file may write arrives as the same plain data.
    #[test]
    fn ron_is_read_as_plain_data() {
        let value: Value = ron::from_str(r#"(x: 1.5, keys: ("W", "S"), n: -3, on: true)"#).unwrap();
        let text = |text: &str| Value::Str(text.into());
        assert_eq!(
            value,
            Value::Map(vec![
                (text("x"), Value::Float(1.5)),
                (text("keys"), Value::List(vec![text("W"), text("S")])),
                (text("n"), Value::Int(-3)),
                (text("on"), Value::Bool(true)),
            ])
        );
        assert_eq!(value.to_string(), r#"{"x": 1.5, "keys": ["W", "S"], "n": -3, "on": true}"#);
    }
}
