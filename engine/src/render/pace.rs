//! How often frames are shown.

use std::time::{Duration, Instant};

use super::DisplayError;
use crate::clock::Flicks;

/// When the last frame was shown, and how that went.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    last: Option<Instant>,
    failure: Option<DisplayError>,
}

impl Pace {
    /// Whether a frame is due at `now`, at the tick that comes closest to `interval` after the last
    /// one. `tick` is the time between two ticks.
    pub(crate) fn is_due(&mut self, now: Instant, interval: Duration, tick: Duration) -> bool {
        let is_due = self.last.is_none_or(|last| now - last + tick / 2 >= interval);
        if is_due {
            self.last = Some(now);
        }
        is_due
    }

    /// How long after a tick frames are due before the next one, where the screen shows one every
    /// `interval`: as many as it takes, evenly spread.
    pub(crate) fn between(interval: Duration, tick: Flicks) -> impl Iterator<Item = Flicks> {
        /// More than this no eye can tell, and no display shows.
        const MOST: u64 = 64;
        let interval = interval.as_secs_f64().max(1e-6);
        #[expect(clippy::cast_possible_truncation, reason = "at most a few million")]
        #[expect(clippy::cast_sign_loss, reason = "of two times that are not negative")]
        let frames = ((tick.as_secs() / interval).round() as u64).clamp(1, MOST);
        (1..frames).map(move |number| Flicks(tick.0 / frames * number))
    }

    /// Whether a frame went otherwise than the one before: what fails sixty times a second is told
    /// once.
    pub(crate) fn is_news(&mut self, failure: &Option<DisplayError>) -> bool {
        let is_news = self.failure != *failure;
        self.failure.clone_from(failure);
        is_news
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Pace;
    use crate::clock::Flicks;
    use crate::render::DisplayError;

    /// Where ticks are faster than the screen, as many frames are shown as the screen takes.
    #[test]
    fn fast_ticks_show_as_many_frames_as_the_screen_takes() {
        let (frame, tick) = (Duration::from_micros(16_667), Duration::from_millis(1));
        let start = Instant::now();
        let mut pace = Pace::default();
        let shown = (0..1_000).filter(|ms| pace.is_due(start + tick * *ms, frame, tick)).count();
        assert!((58..=60).contains(&shown), "{shown}");
    }

    /// A tick that is a little early still gets its frame where ticks are as fast as the screen.
    #[test]
    fn a_tick_that_is_early_gets_its_frame() {
        let frame = Duration::from_micros(16_667);
        let start = Instant::now();
        let mut pace = Pace::default();
        assert!(pace.is_due(start, frame, frame));
        assert!(pace.is_due(start + Duration::from_micros(16_500), frame, frame));
    }

    /// A screen of 144 Hz shows two frames between ticks of 50 Hz, thirds of a tick apart; one that is
    /// no faster than the ticks shows none.
    #[test]
    fn a_fast_screen_shows_frames_between_ticks() {
        let hz = |hz: f64| Duration::from_secs_f64(1.0 / hz);
        let between = |interval, ticks| -> Vec<_> {
            Pace::between(interval, Flicks::of_tick(1, ticks)).map(|at| at.0).collect()
        };
        let third = Flicks::PER_SECOND / 150;
        assert_eq!(between(hz(144.0), 50), [third, 2 * third]);
        assert_eq!(between(hz(60.0), 60), [0; 0]);
        assert_eq!(between(hz(60.0), 1000), [0; 0]);
    }

    /// The same failure is news once, and so is its end.
    #[test]
    fn a_lasting_failure_is_news_once() {
        let mut pace = Pace::default();
        let failure = Some(DisplayError::NoPicture);
        assert!(!pace.is_news(&None));
        assert!(pace.is_news(&failure));
        assert!(!pace.is_news(&failure));
        assert!(pace.is_news(&None));
    }
}
