//! The reference of all commands, as a page.

use std::fmt::Write;

use super::{Command, GROUPS};

/// All commands as a page of Markdown.
pub fn reference() -> String {
    let mut page = "# Commands of the console\n\n\
        This page is made from the table of commands. `[...]` may be left out, `...` may stand \
        several times; a text with spaces is written in quotes.\n"
        .to_owned();
    for group in GROUPS {
        let _ = writeln!(page, "\n## {}", group.title);
        for command in group.commands {
            let _ = write!(page, "\n### `{}`\n\n{}", command.signature(), text(command));
        }
    }
    page
}

/// What there is to say of a command, below its signature.
pub(super) fn text(command: &Command) -> String {
    let Command { aliases, summary, details, example, role, .. } = command;
    let mut text = format!("{summary}.\n");
    if !details.is_empty() {
        let _ = write!(text, "\n{details}\n");
    }
    let _ = write!(text, "\nExample: `{example}`");
    if !aliases.is_empty() {
        let _ = write!(text, "; also called `{}`", aliases.join("`, `"));
    }
    let _ = writeln!(text, "; role `{}`", role.name());
    text
}
