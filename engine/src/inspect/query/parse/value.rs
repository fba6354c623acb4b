//! What words are compared with: values, other words, patterns.

use wildmatch::WildMatch;

use super::super::QueryError;
use super::super::condition::{Condition, Operand};
use super::super::lex::Token;
use super::super::property::Kind;
use super::super::word::Word;
use super::Parser;
use super::cursor::{Hope, KEYWORDS};
use crate::nearest::{did_you_mean, nearest};
use crate::value::Value;

/// A value as it is written, with the byte where it begins.
struct Literal<'a> {
    at: usize,
    value: Value,
    /// The text, if it has no quotes: it could be a word too.
    bare: Option<&'a str>,
}

impl<'a> Parser<'a> {
    fn literal(&mut self, word: &Word) -> Result<Literal<'a>, QueryError> {
        let at = self.cursor.at();
        let (value, bare) = match self.cursor.token() {
            Some(Token::Number(number)) => (number.clone(), None),
            Some(Token::Text(text)) => (Value::Str(text.clone()), None),
            Some(Token::Path("true" | "True")) => (Value::Bool(true), None),
            Some(Token::Path("false" | "False")) => (Value::Bool(false), None),
            Some(Token::Path("none" | "None")) => (Value::None, None),
            Some(&Token::Path(path)) if !KEYWORDS.contains(&path) => {
                (Value::Str(path.to_owned()), Some(path))
            }
            _ => {
                self.cursor.hope(Hope::Value(word.clone()));
                return self.cursor.unexpected();
            }
        };
        self.cursor.advance();
        Ok(Literal { at, value, bare })
    }

    /// What `word` is compared with, and the word as it is compared with that.
    pub(super) fn operand(&mut self, word: Word) -> Result<(Word, Operand), QueryError> {
        let Literal { at, value, bare } = self.literal(&word)?;
        let operand = match (word.kind(), &value) {
            (_, Value::None)
            | (Kind::Any, _)
            | (Kind::Number, Value::Int(_) | Value::Float(_))
            | (Kind::Truth, Value::Bool(_)) => Operand::Value(value),
            (Kind::Text, Value::Str(text)) => {
                return Ok((word.beside(text), Operand::Value(value)));
            }
            (Kind::Choice(choices), Value::Str(text)) if !choices.contains(&text.as_str()) => {
                let hint = did_you_mean(nearest(text, choices.iter().copied()).as_deref());
                let (name, choices) = (&word.text, choices.join(", "));
                let message = format!("`{name}` is one of {choices}, not `{text}`{hint}");
                return self.cursor.error(at, message);
            }
            (Kind::Choice(_), Value::Str(_)) => Operand::Value(value),
            (Kind::Color, _) => match word.settle(&value) {
                Ok(value) => Operand::Value(value),
                Err(message) => return self.cursor.error(at, message),
            },
            (Kind::Number | Kind::Truth, Value::Str(_)) if let Some(path) = bare => {
                Operand::Word(self.other(at, path, &word)?)
            }
            (kind, _) => {
                let (name, kind, found) = (&word.text, kind.describe(), value.kind());
                let remedy =
                    if kind == "text" { format!("; write \"{value}\"") } else { String::new() };
                let message = format!("`{name}` is {kind}, not {found} ({value}){remedy}");
                return self.cursor.error(at, message);
            }
        };
        Ok((word, operand))
    }

    /// Another word, which `word` is compared with.
    fn other(&mut self, at: usize, path: &str, word: &Word) -> Result<Word, QueryError> {
        let other = self.resolve(at, path)?;
        let (kind, other_kind) = (word.kind(), other.kind());
        if other_kind != kind && other_kind != Kind::Any {
            let (kind, other_kind) = (kind.describe(), other_kind.describe());
            let message = format!("`{}` is {kind}, but `{path}` is {other_kind}", word.text);
            return self.cursor.error(at, message);
        }
        self.mentioned.push(other.clone());
        Ok(other)
    }

    pub(super) fn pattern(&mut self, word: &Word) -> Result<Condition, QueryError> {
        let Literal { at, value, .. } = self.literal(word)?;
        if matches!(word.kind(), Kind::Number | Kind::Truth | Kind::Parts) {
            let (name, kind) = (&word.text, word.kind().describe());
            return self.cursor.error(at, format!("patterns are for text, and `{name}` is {kind}"));
        }
        let Value::Str(pattern) = value else {
            let message = format!("a pattern is text such as \"Ba*\", not {value}");
            return self.cursor.error(at, message);
        };
        Ok(Condition::Like(word.beside(&pattern), WildMatch::new(&pattern)))
    }
}
