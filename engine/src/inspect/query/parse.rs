//! A query from its tokens, by recursive descent.
//!
//! Whatever could stand at the place that is looked at is noted as a [`Hope`]: an error lists them,
//! and so does the completion of a line that is not at its end.

mod cursor;
mod value;

use std::mem;

use bevy_ecs::world::World;

use cursor::Cursor;
pub(super) use cursor::Hope;

use super::condition::{Comparison, Condition};
use super::lex::Token;
use super::property::{Kind, PROPERTIES, USUAL};
use super::word::{Word, find_component};
use super::{MAX_OFFSET, Query, QueryError};
use crate::component::ComponentRegistry;
use crate::inspect::path::Nowhere;
use crate::value::Value;

/// How deep conditions may stand in each other: nobody types as much, and what reads them takes a
/// piece of the stack for each.
const MAX_DEPTH: usize = 64;

/// More bytes than anybody types: what a query costs to read, and to answer for one process, is
/// bounded.
const MAX_LENGTH: usize = 4_096;

/// Reads the query in `text`.
pub(super) fn parse(world: &World, text: &str) -> Result<Query, QueryError> {
    Parser::new(world, text)?.query()
}

/// What could come after `text`, the beginning of a query; nothing where it is wrong already.
pub(super) fn hopes_after(world: &World, text: &str) -> Vec<Hope> {
    let Ok(mut parser) = Parser::new(world, text) else { return Vec::new() };
    // Of a query that is not at its end the error is the end.
    let _ = parser.query();
    parser.cursor.hopes_at_end()
}

struct Parser<'a> {
    world: &'a World,
    cursor: Cursor<'a>,
    depth: usize,
    /// The words asked for so far, in the order of their mention.
    mentioned: Vec<Word>,
    asks_scripts: bool,
}

impl<'a> Parser<'a> {
    fn new(world: &'a World, text: &'a str) -> Result<Self, QueryError> {
        if text.len() > MAX_LENGTH {
            let end = text.floor_char_boundary(MAX_LENGTH);
            let message = format!("a query has at most {MAX_LENGTH} bytes, not {}", text.len());
            return Err(QueryError::new(text, end, message));
        }
        let cursor = Cursor::new(text)?;
        Ok(Self { world, cursor, depth: 0, mentioned: Vec::new(), asks_scripts: false })
    }

    // The grammar, from the whole to its parts.

    fn query(&mut self) -> Result<Query, QueryError> {
        const CLAUSES: [&str; 4] = ["show", "order", "limit", "offset"];
        let begins_with_clause =
            matches!(self.cursor.token(), Some(Token::Path(path)) if CLAUSES.contains(path));
        let condition = if self.cursor.token().is_none() || begins_with_clause {
            // Nothing is wrong with no condition, and yet one could begin here.
            for keyword in ["not", "(", "has"] {
                self.cursor.hope(Hope::Keyword(keyword));
            }
            self.cursor.hope(Hope::Word);
            Condition::All(Vec::new())
        } else {
            self.any()?
        };
        let (mut shown, mut order, mut limit, mut offset) = (None, None, None, None);
        loop {
            if shown.is_none() && self.cursor.takes("show") {
                shown = Some(self.list(Self::word)?);
            } else if order.is_none() && self.cursor.takes("order") {
                self.cursor.requires("by")?;
                order = Some(self.list(Self::direction)?);
            } else if limit.is_none() && self.cursor.takes("limit") {
                limit = Some(self.count()?);
            } else if offset.is_none() && self.cursor.takes("offset") {
                offset = Some(self.offset()?);
            } else if self.cursor.token().is_none() {
                break;
            } else {
                return self.cursor.unexpected();
            }
        }
        let columns = shown.unwrap_or_else(|| self.usual_columns());
        let (order, offset) = (order.unwrap_or_default(), offset.unwrap_or(0));
        Ok(Query { condition, columns, order, limit, offset, asks_scripts: self.asks_scripts })
    }

    /// Name, class and state, and what the query asks for.
    fn usual_columns(&mut self) -> Vec<Word> {
        let mut columns: Vec<_> = PROPERTIES.iter().take(USUAL).map(Word::property).collect();
        for word in mem::take(&mut self.mentioned) {
            if columns.iter().all(|known| known.text != word.text) {
                columns.push(word);
            }
        }
        columns
    }

    fn list<T>(
        &mut self,
        item: impl Fn(&mut Self) -> Result<T, QueryError>,
    ) -> Result<Vec<T>, QueryError> {
        let mut items = vec![item(self)?];
        while self.cursor.takes(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn direction(&mut self) -> Result<(Word, bool), QueryError> {
        let word = self.word()?;
        let is_descending = !self.cursor.takes("asc") && self.cursor.takes("desc");
        Ok((word, is_descending))
    }

    fn offset(&mut self) -> Result<usize, QueryError> {
        let at = self.cursor.at();
        match self.count()? {
            rows @ ..=MAX_OFFSET => Ok(rows),
            _ => self.cursor.error(
                at,
                format!(
                    "an offset is at most {MAX_OFFSET}, for the rows before it are kept to be sorted; a \
                     condition, or the other order, leads to those that come later"
                ),
            ),
        }
    }

    fn count(&mut self) -> Result<usize, QueryError> {
        let at = self.cursor.at();
        let Some(Token::Number(number)) = self.cursor.token() else {
            self.cursor.hope(Hope::Count);
            return self.cursor.unexpected();
        };
        let count = match number {
            Value::Int(count) => usize::try_from(*count).ok(),
            _ => None,
        };
        let Some(count) = count else {
            return self
                .cursor
                .error(at, format!("a number of rows is whole and not negative, not {number}"));
        };
        self.cursor.advance();
        Ok(count)
    }

    fn any(&mut self) -> Result<Condition, QueryError> {
        self.joined("or", Self::all, Condition::Any)
    }

    fn all(&mut self) -> Result<Condition, QueryError> {
        self.joined("and", Self::unit, Condition::All)
    }

    /// One part, or several with a keyword between them.
    fn joined(
        &mut self,
        keyword: &'static str,
        part: fn(&mut Self) -> Result<Condition, QueryError>,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Result<Condition, QueryError> {
        let first = part(self)?;
        if !self.cursor.takes(keyword) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.cursor.takes(keyword) {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn unit(&mut self) -> Result<Condition, QueryError> {
        if self.depth == MAX_DEPTH {
            let message = format!("conditions stand in each other at most {MAX_DEPTH} deep");
            return self.cursor.error(self.cursor.at(), message);
        }
        self.depth += 1;
        let unit = if self.cursor.takes("not") {
            Condition::Not(Box::new(self.unit()?))
        } else if self.cursor.takes("(") {
            let inner = self.any()?;
            self.cursor.requires(")")?;
            inner
        } else if self.cursor.takes("has") {
            let Some((at, name)) = self.cursor.takes_path(Hope::Component) else {
                return self.cursor.unexpected();
            };
            let kind = find_component(self.world.resource::<ComponentRegistry>(), name);
            Condition::Has(kind.or_else(|nowhere| self.nowhere(at, nowhere))?)
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(unit)
    }

    fn comparison(&mut self) -> Result<Condition, QueryError> {
        let word = self.word()?;
        for (symbol, comparison) in Comparison::ALL {
            if self.cursor.token() == Some(&Token::Symbol(symbol)) {
                self.cursor.advance();
                let (word, operand) = self.operand(word)?;
                return Ok(Condition::Compare(word, comparison, operand));
            }
        }
        self.cursor.hope(Hope::Comparison);
        let is_negated = self.cursor.takes("not");
        let condition = if self.cursor.takes("in") {
            self.cursor.requires("(")?;
            let equal = |parser: &mut Self| {
                let (word, operand) = parser.operand(word.clone())?;
                Ok(Condition::Compare(word, Comparison::Equal, operand))
            };
            let equals = self.list(equal)?;
            self.cursor.requires(")")?;
            Condition::Any(equals)
        } else if self.cursor.takes("like") {
            self.pattern(&word)?
        } else if !is_negated && matches!(word.kind(), Kind::Truth | Kind::Any) {
            return Ok(Condition::Holds(word));
        } else {
            return self.cursor.unexpected();
        };
        Ok(if is_negated { Condition::Not(Box::new(condition)) } else { condition })
    }

    fn word(&mut self) -> Result<Word, QueryError> {
        let Some((at, path)) = self.cursor.takes_path(Hope::Word) else {
            return self.cursor.unexpected();
        };
        let word = self.resolve(at, path)?;
        self.mentioned.push(word.clone());
        Ok(word)
    }

    fn resolve(&mut self, at: usize, path: &str) -> Result<Word, QueryError> {
        let word = Word::resolve(self.world, path).or_else(|nowhere| self.nowhere(at, nowhere))?;
        self.asks_scripts |= word.asks_scripts();
        Ok(word)
    }

    fn nowhere<T>(&self, at: usize, nowhere: Nowhere) -> Result<T, QueryError> {
        self.cursor.error(at + nowhere.at, nowhere.message)
    }
}
