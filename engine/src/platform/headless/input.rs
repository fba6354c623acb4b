//! Input without devices: none, or as written down beforehand.

use std::collections::VecDeque;

use crate::input::{InputEvent, InputSource};

/// Input from nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoInput;

impl InputSource for NoInput {
    fn poll(&mut self, _into: &mut Vec<InputEvent>) {}
}

/// Input written down beforehand, a list of events for each tick; silent when it is used up. It has a
/// clipboard of its own.
#[derive(Clone, Debug, Default)]
pub struct ScriptedInput {
    ticks: VecDeque<Vec<InputEvent>>,
    clipboard: Option<String>,
}

impl ScriptedInput {
    /// The first list is what the first poll yields, the second what the second does.
    pub fn new(ticks: impl IntoIterator<Item = Vec<InputEvent>>) -> Self {
        Self { ticks: ticks.into_iter().collect(), clipboard: None }
    }
}

impl InputSource for ScriptedInput {
    fn poll(&mut self, into: &mut Vec<InputEvent>) {
        into.extend(self.ticks.pop_front().into_iter().flatten());
    }

    fn clipboard(&mut self) -> Option<String> {
        self.clipboard.clone()
    }

    fn set_clipboard(&mut self, text: &str) {
        self.clipboard = Some(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::ScriptedInput;
    use crate::input::{InputEvent, InputSource};

    /// Each poll yields the events of one tick, in order, behind those already there.
    #[test]
    fn a_script_yields_one_tick_a_poll() {
        let text = |text: &str| InputEvent::Text { text: text.into() };
        let mut source = ScriptedInput::new([vec![text("a"), text("b")], vec![], vec![text("c")]]);
        let mut events = vec![InputEvent::Quit];
        source.poll(&mut events);
        assert_eq!(events, [InputEvent::Quit, text("a"), text("b")]);
        events.clear();
        source.poll(&mut events);
        assert_eq!(events, []);
        source.poll(&mut events);
        source.poll(&mut events);
        assert_eq!(events, [text("c")]);
    }
}
