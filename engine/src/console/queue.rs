//! Lines that wait: those of a session in their order, and the sessions in turn.
//!
//! So a session with many lines, or dear ones, holds nobody else's next line for longer than one of
//! its own.

use std::collections::VecDeque;

use super::SessionId;

/// A piece of text that is to be evaluated.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    /// Whether it is left to a later tick where this one's time is used up. What was given to the
    /// machine in advance is not: which tick it runs in is part of the outcome.
    pub(super) may_wait: bool,
}

/// The lines that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// The sessions that have lines; the first has had no turn for longest.
    turns: VecDeque<(SessionId, VecDeque<Line>)>,
}

impl Queue {
    /// Puts a line behind those of its session.
    pub(super) fn push(&mut self, session: SessionId, line: Line) {
        self.of(session).push_back(line);
    }

    /// Puts a line before those of its session.
    pub(super) fn push_front(&mut self, session: SessionId, line: Line) {
        self.of(session).push_front(line);
    }

    /// Puts all lines of another queue behind these.
    pub(super) fn append(&mut self, other: Self) {
        for (session, mut lines) in other.turns {
            self.of(session).append(&mut lines);
        }
    }

    /// The next line of the first session for which `is_ready` holds. Its turn is the last one then.
    pub(super) fn pop(
        &mut self,
        mut is_ready: impl FnMut(SessionId, &Line) -> bool,
    ) -> Option<(SessionId, Line)> {
        let is_next = |(session, lines): &(SessionId, VecDeque<Line>)| {
            lines.front().is_some_and(|line| is_ready(*session, line))
        };
        let turn = self.turns.iter().position(is_next)?;
        let (session, mut lines) = self.turns.remove(turn)?;
        let line = lines.pop_front()?;
        if !lines.is_empty() {
            self.turns.push_back((session, lines));
        }
        Some((session, line))
    }

    /// How many lines of a session wait.
    pub(super) fn count(&self, session: SessionId) -> usize {
        self.lines(session).count()
    }

    /// How many bytes the lines of a session have that wait.
    pub(super) fn bytes(&self, session: SessionId) -> usize {
        self.lines(session).map(|line| line.text.len()).sum()
    }

    fn lines(&self, session: SessionId) -> impl Iterator<Item = &Line> {
        let turn = self.turns.iter().find(|(other, _)| *other == session);
        turn.into_iter().flat_map(|(_, lines)| lines)
    }

    /// Forgets the lines of a session.
    pub(super) fn forget(&mut self, session: SessionId) {
        self.turns.retain(|(other, _)| *other != session);
    }

    /// The lines of a session, whose turn is the last one if it had none.
    fn of(&mut self, session: SessionId) -> &mut VecDeque<Line> {
        let found = self.turns.iter().position(|(other, _)| *other == session);
        let turn = found.unwrap_or_else(|| {
            self.turns.push_back((session, VecDeque::new()));
            self.turns.len() - 1
        });
        &mut self.turns[turn].1
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Queue};
    use crate::console::SessionId;

    const ONE: SessionId = SessionId(1);
    const TWO: SessionId = SessionId(2);

    fn line(text: &str) -> Line {
        Line { text: text.to_owned(), may_wait: true }
    }

    fn drain(queue: &mut Queue) -> Vec<String> {
        std::iter::from_fn(|| queue.pop(|_, _| true)).map(|(_, line)| line.text).collect()
    }

    /// Whoever comes later with a line waits for one of those of the others, and not for all.
    #[test]
    fn sessions_take_turns() {
        let mut queue = Queue::default();
        for text in ["a", "b", "c"] {
            queue.push(ONE, line(text));
        }
        assert_eq!(queue.pop(|_, _| true), Some((ONE, line("a"))));
        queue.push(TWO, line("x"));
        queue.push(TWO, line("y"));
        assert_eq!(drain(&mut queue), ["b", "x", "c", "y"]);
    }

    /// A session that was served stands behind one that came meanwhile, in later ticks too.
    #[test]
    fn turns_outlast_a_tick() {
        let mut queue = Queue::default();
        queue.push(ONE, line("a"));
        queue.push(TWO, line("x"));
        assert_eq!(queue.pop(|_, _| true), Some((ONE, line("a"))));
        let mut newer = Queue::default();
        newer.push(ONE, line("b"));
        newer.push(TWO, line("y"));
        queue.append(newer);
        assert_eq!(queue.count(TWO), 2);
        assert_eq!(drain(&mut queue), ["x", "b", "y"]);
    }

    /// One that is not ready is passed over; what is left of a text comes before what came after it.
    #[test]
    fn who_waits_is_passed_over() {
        let mut queue = Queue::default();
        queue.push(ONE, line("b"));
        queue.push_front(ONE, line("a"));
        queue.push(TWO, line("x"));
        assert_eq!(queue.pop(|session, _| session == TWO), Some((TWO, line("x"))));
        assert_eq!(queue.pop(|session, _| session == TWO), None);
        assert_eq!(drain(&mut queue), ["a", "b"]);
        queue.push(ONE, line("c"));
        queue.forget(ONE);
        assert_eq!(drain(&mut queue), Vec::<String>::new());
    }
}
