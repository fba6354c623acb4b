//! The tokens of a query, read one after the other, and what could have stood instead.

use super::super::QueryError;
use super::super::lex::{Token, lex};
use super::super::word::Word;

/// Words that mean something in the grammar: as texts they need quotes.
pub(super) const KEYWORDS: [&str; 18] = [
    "and", "or", "not", "has", "in", "like", "show", "order", "by", "asc", "desc", "limit",
    "offset", "true", "false", "none", "True", "False",
];

/// What could stand somewhere in a query.
#[derive(Clone, Debug)]
pub(in super::super) enum Hope {
    Keyword(&'static str),
    /// Something to ask a process for.
    Word,
    /// The name of a component.
    Component,
    /// One of the comparisons.
    Comparison,
    /// What this word can be compared with.
    Value(Word),
    /// A number of rows.
    Count,
}

impl Hope {
    fn describe(&self) -> String {
        match self {
            Self::Keyword(keyword) => format!("`{keyword}`"),
            Self::Word => "something to ask for, such as `name`".into(),
            Self::Component => "a component".into(),
            Self::Comparison => "a comparison such as `==`".into(),
            Self::Value(word) => {
                format!("a value for `{}` ({})", word.text, word.kind().describe())
            }
            Self::Count => "a number of rows".into(),
        }
    }
}

/// The tokens of a text, and the one that is looked at.
pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token<'a>)>,
    position: usize,
    /// What was looked for at the position so far.
    hopes: Vec<Hope>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, QueryError> {
        Ok(Self { text, tokens: lex(text)?, position: 0, hopes: Vec::new() })
    }

    pub(super) fn token(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.position).map(|(_, token)| token)
    }

    /// The byte at which the next token begins, or the end of the text.
    pub(super) fn at(&self) -> usize {
        self.tokens.get(self.position).map_or(self.text.len(), |(at, _)| *at)
    }

    pub(super) fn advance(&mut self) {
        self.position += 1;
        self.hopes.clear();
    }

    /// Takes a keyword or symbol, if it stands here.
    pub(super) fn takes(&mut self, keyword: &'static str) -> bool {
        let is_here = match self.token() {
            Some(Token::Path(path)) => *path == keyword,
            Some(Token::Symbol(symbol)) => *symbol == keyword,
            _ => false,
        };
        if is_here {
            self.advance();
        } else {
            self.hopes.push(Hope::Keyword(keyword));
        }
        is_here
    }

    pub(super) fn requires(&mut self, keyword: &'static str) -> Result<(), QueryError> {
        if self.takes(keyword) { Ok(()) } else { self.unexpected() }
    }

    /// Takes a name that is no keyword, if one stands here.
    pub(super) fn takes_path(&mut self, hope: Hope) -> Option<(usize, &'a str)> {
        let at = self.at();
        match self.token() {
            Some(&Token::Path(path)) if !KEYWORDS.contains(&path) => {
                self.advance();
                Some((at, path))
            }
            _ => {
                self.hopes.push(hope);
                None
            }
        }
    }

    pub(super) fn error<T>(&self, at: usize, message: impl Into<String>) -> Result<T, QueryError> {
        Err(QueryError::new(self.text, at, message))
    }

    /// The error of a token that nothing hoped for.
    pub(super) fn unexpected<T>(&self) -> Result<T, QueryError> {
        let mut wanted: Vec<_> = self.hopes.iter().map(Hope::describe).collect();
        let last = wanted.pop().unwrap_or_else(|| "the end".into());
        let wanted =
            if wanted.is_empty() { last } else { format!("{} or {last}", wanted.join(", ")) };
        let found = match self.token() {
            None => "the end".to_owned(),
            Some(Token::Path(text) | Token::Symbol(text)) => format!("`{text}`"),
            Some(Token::Number(value)) => format!("`{value}`"),
            Some(Token::Text(text)) => format!("{text:?}"),
        };
        self.error(self.at(), format!("expected {wanted}, not {found}"))
    }

    /// Notes what could stand here, for an error.
    pub(super) fn hope(&mut self, hope: Hope) {
        self.hopes.push(hope);
    }

    /// What could stand at the end of the text, if everything before was read.
    pub(super) fn hopes_at_end(self) -> Vec<Hope> {
        if self.token().is_none() { self.hopes } else { Vec::new() }
    }
}
