//! Fingers that went down on a widget: what they do until they come up is not the world's.

use crate::input::Touch;

/// Fingers that went down on a widget, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Fingers(Vec<u64>);

impl Fingers {
    /// Takes in what a finger does; whether it is the widgets' alone. `is_over` says whether there is
    /// one where it goes down.
    pub(crate) fn take(&mut self, id: u64, touch: Touch, is_over: impl FnOnce() -> bool) -> bool {
        let is_known = self.0.contains(&id);
        match touch {
            Touch::Move => is_known,
            Touch::Up => {
                self.0.retain(|known| *known != id);
                is_known
            }
            Touch::Down => {
                self.0.retain(|known| *known != id);
                let is_own = is_over();
                if is_own {
                    self.0.push(id);
                }
                is_own
            }
        }
    }
}
