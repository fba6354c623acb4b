//! Telling the user what is wrong: the message, the place, and the line itself.

use metapython::scene::Failure;
use miette::{Diagnostic, LabeledSpan, NamedSource, Report, SourceCode};

/// Prints a failure on the standard error stream.
pub(super) fn print(failure: Failure) {
    if let Some(traceback) = &failure.traceback {
        eprintln!("{traceback}\n");
    }
    let summary = failure.to_string();
    let excerpt = failure.excerpt.map(|excerpt| {
        let name = failure.path.map(|path| path.display().to_string()).unwrap_or_default();
        // The mark covers the word at fault, or one character where there is none.
        let rest = excerpt.text.get(excerpt.at..).unwrap_or_default();
        let word = rest
            .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .unwrap_or(rest.len());
        (
            NamedSource::new(name, excerpt.text.clone()),
            excerpt.at,
            word.max(usize::from(!rest.is_empty())),
        )
    });
    eprintln!("{:?}", Report::new(Told { summary, excerpt }));
}

/// A failure as miette draws it.
#[derive(Debug)]
struct Told {
    summary: String,
    excerpt: Option<(NamedSource<String>, usize, usize)>,
}

impl std::fmt::Display for Told {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
