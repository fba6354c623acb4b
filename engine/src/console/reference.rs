//! The reference of all commands, as a page.

use std::fmt::Write;

use super::{Command, GROUPS, Takes};
use crate::inspect::query::{self, SYNTAX};

/// All commands as a page of Markdown.
pub fn reference() -> String {
    let mut page = "# Commands of the console\n\n\
        This page is made from the table of commands. `[...]` may be left out, `...` may stand \
        several times; a text with spaces is written in quotes.\n"
        .to_owned();
    for group in GROUPS {
        let _ = writeln!(page, "\n## {}", group.title);
        for command in group.commands {
            let _ = write!(page, "\n### `{}`\n\n{}", command.signature(), text(command, true));
        }
    }
    page
}

/// What there is to say of a command, below its signature: as a part of the page, or as help in a
/// session, where a fence would be but another line.
pub(super) fn text(command: &Command, is_page: bool) -> String {
    let Command { aliases, summary, details, example, role, parameters, .. } = command;
    let mut text = format!("{summary}.\n");
    if !details.is_empty() {
        let _ = write!(text, "\n{details}\n");
    }
    if parameters.iter().any(|parameter| parameter.takes == Takes::Query) {
        let [begin, end] = if is_page { ["```text\n", "```\n"] } else { [""; 2] };
        let _ = write!(text, "\n{begin}{}{end}", language());
    }
    let _ = write!(text, "\nExample: `{example}`");
    if !aliases.is_empty() {
        let _ = write!(text, "; also called `{}`", aliases.join("`, `"));
    }
    let _ = writeln!(text, "; role `{}`", role.name());
    text
}

/// The language of queries, and the words that every process knows.
fn language() -> String {
    let width = query::words().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = format!("{SYNTAX}\n");
    for (name, what) in query::words() {
        let _ = writeln!(text, "  {name:width$}  {what}");
    }
    text
}
