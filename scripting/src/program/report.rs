//! Telling the user what is wrong: the message, the place, and the line itself.

use std::fmt;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteHandlerOpts, MietteSpanContents, ReportHandler,
    SourceCode, SourceSpan, SpanContents,
};

use super::output;
use crate::scene::{Excerpt, Failure};

/// The longest line that is shown around a fault, bytes: more is no text that somebody wrote, and
/// fills the screen.
const MAX_LINE: usize = 500;

/// Prints a failure on the standard error stream.
pub(super) fn print(failure: Failure) {
    if let Some(traceback) = &failure.traceback {
        output::complain(format_args!("{traceback}\n"));
    }
    let summary = failure.to_string();
    let excerpt = failure.excerpt.filter(|excerpt| is_readable(excerpt)).map(|excerpt| {
        let name = failure.path.map(|path| path.display().to_string()).unwrap_or_default();
        // The mark covers the word at fault, or one character where there is none.
        let rest = excerpt.text.get(excerpt.at..).unwrap_or_default();
        let word = rest
            .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .unwrap_or(rest.len());
        (
            Shown { name, text: excerpt.text.clone() },
            excerpt.at,
            word.max(usize::from(!rest.is_empty())),
        )
    });
    output::complain(Drawn(&Told { summary, excerpt }));
}

/// Whether there is a line at the fault, and one that fits on a screen.
fn is_readable(excerpt: &Excerpt) -> bool {
    let Some((before, after)) = excerpt.text.split_at_checked(excerpt.at) else { return false };
    let begins = before.rfind('\n').map_or(0, |newline| newline + 1);
    let ends = after.find('\n').unwrap_or(after.len());
    let line = excerpt.text.get(begins..excerpt.at + ends).unwrap_or_default();
    !line.trim().is_empty() && line.len() <= MAX_LINE
}

/// A failure in miette's drawing, in lines as long as they are: a path that is broken in two can
/// neither be clicked nor found.
struct Drawn<'a>(&'a Told);

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        MietteHandlerOpts::new().wrap_lines(false).build().debug(self.0, out)
    }
}

/// A file whose columns count letters, as those of a failure do; miette's own count bytes.
#[derive(Debug)]
struct Shown {
    name: String,
    text: String,
}

impl SourceCode for Shown {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let part = self.text.read_span(span, lines_before, lines_after)?;
        let end = part.span().offset();
        let line = self.text.get(end.saturating_sub(part.column())..end).unwrap_or_default();
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            part.data(),
            *part.span(),
            part.line(),
            line.chars().count(),
            part.line_count(),
        )))
    }
}

/// A failure as miette draws it.
#[derive(Debug)]
struct Told {
    summary: String,
    excerpt: Option<(Shown, usize, usize)>,
}

impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.summary)
    }
}

impl std::error::Error for Told {}

impl Diagnostic for Told {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|(source, ..)| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, at, length) = self.excerpt.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new(Some("here".into()), *at, *length))))
    }
}
