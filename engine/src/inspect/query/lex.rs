//! The text of a query as tokens, each with the byte at which it begins.

use super::QueryError;
use crate::value::Value;

/// The least part of a query that means something.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// Names joined by dots: a keyword, a word to ask for, or a text without quotes.
    Path(&'a str),
    /// A number.
    Number(Value),
    /// A text in quotes, without them.
    Text(String),
    /// A comparison, a parenthesis or a comma.
    Symbol(&'static str),
}

/// What is no name, text or number; those of two characters first.
const SYMBOLS: [&str; 9] = ["==", "!=", "<=", ">=", "<", ">", "(", ")", ","];

/// Takes a text apart.
///
/// # Errors
/// [`QueryError`] at the first character that begins no token.
pub(super) fn lex(text: &str) -> Result<Vec<(usize, Token<'_>)>, QueryError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.run(char::is_whitespace);
        let start = lexer.at;
        match lexer.token()? {
            Some(token) => tokens.push((start, token)),
            None => return Ok(tokens),
        }
    }
}

/// Whether a character can stand in a name.
pub(super) fn is_of_a_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

struct Lexer<'a> {
    text: &'a str,
    /// The byte of the text that is next; always the first of a character.
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the characters up to the first that is none of those wanted.
    fn run(&mut self, is_wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|letter| !is_wanted(letter)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn error<T>(&self, at: usize, message: impl Into<String>) -> Result<T, QueryError> {
        Err(QueryError::new(self.text, at, message))
    }

    fn token(&mut self) -> Result<Option<Token<'a>>, QueryError> {
        let mut letters = self.rest().chars();
        let Some(first) = letters.next() else { return Ok(None) };
        let second = letters.next().unwrap_or(' ');
        let is_signed = matches!(first, '+' | '-') && (second.is_ascii_digit() || second == '.');
        let is_number = first.is_ascii_digit() || is_signed;
        match first {
            '"' | '\'' => self.quoted(first).map(Token::Text),
            _ if is_number || (first == '.' && second.is_ascii_digit()) => self.number(),
            _ if is_of_a_name(first) => self.path(),
            _ => self.symbol(first),
        }
        .map(Some)
    }

    fn path(&mut self) -> Result<Token<'a>, QueryError> {
        let start = self.at;
        let path = self.run(|letter| is_of_a_name(letter) || letter == '.');
        if path.ends_with('.') || path.contains("..") {
            return self.error(start, format!("a name is missing beside a dot of `{path}`"));
        }
        Ok(Token::Path(path))
    }

    fn number(&mut self) -> Result<Token<'a>, QueryError> {
        let start = self.at;
        let rest = self.rest();
        let mut before = ' ';
        let length = rest
            .find(|letter| {
                let is_sign = matches!(letter, '+' | '-') && matches!(before, ' ' | 'e' | 'E');
                before = letter;
                !(is_of_a_name(letter) || letter == '.' || is_sign)
            })
            .unwrap_or(rest.len());
        self.at += length;
        let digits = rest.get(..length).unwrap_or_default();
        if let Ok(number) = digits.parse() {
            return Ok(Token::Number(Value::Int(number)));
        }
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Number(Value::Float(number))),
            Ok(_) => self.error(start, format!("`{digits}` is larger than any number")),
            Err(_) => self.error(
                start,
                format!("`{digits}` is no number; a text that begins with a digit needs quotes"),
            ),
        }
    }

    /// A text in quotes: a backslash takes the character after it as it is.
    fn quoted(&mut self, quote: char) -> Result<String, QueryError> {
        let start = self.at;
        let mut text = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((index, letter)) = letters.next() {
            if letter == quote {
                self.at += index + quote.len_utf8();
                return Ok(text);
            }
            let taken = if letter == '\\' { letters.next().map(|(_, next)| next) } else { None };
            text.push(taken.unwrap_or(letter));
        }
        self.error(start, format!("this text has no end: another {quote} is missing"))
    }

    fn symbol(&mut self, first: char) -> Result<Token<'a>, QueryError> {
        let rest = self.rest();
        if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            self.at += symbol.len();
            return Ok(Token::Symbol(symbol));
        }
        let remedy = match first {
            '=' => "; to compare, write `==`",
            '&' => "; write `and`",
            '|' => "; write `or`",
            '!' => "; write `not`, or `!=` to compare",
            '*' | '?' => "; a pattern needs quotes: like \"Ba*\"",
            '~' => "; there are patterns: like \"Ba*\"",
            _ => "; a text with such characters needs quotes",
        };
        self.error(self.at, format!("`{first}` means nothing in a query{remedy}"))
    }
}
