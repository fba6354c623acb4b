//! How far the line after another is indented.

use super::INDENT;
use super::highlight::highlight;
use super::paint::Style;

/// Words after which a block has nothing more to say.
const LAST_WORDS: [&str; 5] = ["break", "continue", "pass", "raise", "return"];

/// The columns before the line that follows `line`: as before it, a step more after a colon, a step
/// less after what ends a block.
pub(super) fn after(line: &str) -> usize {
    let own = line.len() - line.trim_start_matches(' ').len();
    let pieces = highlight(line);
    let mut code =
        pieces.iter().filter(|(piece, style)| *style != Style::Comment && !piece.trim().is_empty());
    let first = code.clone().next().map_or("", |(piece, _)| piece.trim());
    let is_open = code
        .next_back()
        .is_some_and(|(piece, style)| *style == Style::Plain && piece.trim_end().ends_with(':'));
    if is_open {
        own + INDENT
    } else if LAST_WORDS.contains(&first) {
        own.saturating_sub(INDENT)
    } else {
        own
    }
}
