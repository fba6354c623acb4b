//! Long clips on their way from their files to a mixer: a feed for each voice that plays one.
//!
//! A backend has [`Feeds`] on whatever thread may wait for a file: a device on one of its own, a file
//! that is written just before it is rendered, so that it has every sample.

use std::sync::Arc;

use super::clip::{ClipError, LongClip, Pass};
use super::command::{Command, SourceStart};
use super::ring::SampleRing;
use super::sample::StereoSample;
use super::voice::POSITION_BITS;

/// The samples that a feed keeps ahead of its voice: 1.4 s, and enough for 20 ms at 16 times the
/// speed.
const RING_SAMPLES: usize = 1 << 16;

/// What a ring keeps of the past: a curve between samples needs one of them.
const PAST_SAMPLES: u64 = 16;

/// Feeds of voices, each until its voice is gone.
#[derive(Debug, Default)]
pub(crate) struct Feeds(Vec<Feed>);

/// A long clip that a voice is playing.
pub(crate) struct Feed {
    ring: Arc<SampleRing>,
    clip: Arc<LongClip>,
    looped: bool,
    pass: Option<Pass>,
    /// Samples of the clip before the place at which the voice begins.
    skip: u64,
    /// What has been decoded and not fitted into the ring.
    waiting: Vec<StereoSample>,
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Feed").field("clip", &self.clip).finish_non_exhaustive()
    }
}

/// Makes a command that plays a long clip one that a mixer can carry out, with the feed that it
/// needs. Every other command stays as it is.
pub(crate) fn prepare(command: &mut Command) -> Option<Feed> {
    let Command::Start(start) = command else { return None };
    let SourceStart::LongClip { clip, looped, position } = &start.source else { return None };
    let ring = Arc::new(SampleRing::new(RING_SAMPLES));
    let feed = Feed {
        ring: Arc::clone(&ring),
        clip: Arc::clone(clip),
        looped: *looped,
        pass: None,
        skip: position >> POSITION_BITS,
        waiting: Vec::new(),
    };
    let fraction = position & ((1 << POSITION_BITS) - 1);
    start.source = SourceStart::Fed { ring, fraction, is_under_way: *position > 0 };
    Some(feed)
}

impl Feeds {
    /// Adds a feed, if there is one.
    pub(crate) fn add(&mut self, feed: Option<Feed>) {
        self.0.extend(feed);
    }

    /// Reads ahead for all voices; those whose clips fail end, and are told of.
    pub(crate) fn fill(&mut self, mut failed: impl FnMut(ClipError)) {
        self.0.retain_mut(|feed| {
            if feed.is_over() {
                return false;
            }
            match feed.fill() {
                Ok(()) => true,
                Err(error) => {
                    failed(error);
                    false
                }
            }
        });
    }

    /// Whether there is none.
    #[cfg(any(test, feature = "audio"))]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Feed {
    /// Whether nobody listens any more, or there is nothing more to say.
    fn is_over(&self) -> bool {
        self.ring.is_closed() || self.ring.is_left() || Arc::strong_count(&self.ring) == 1
    }

    /// Writes until the ring is full, or closes it at the end of the clip.
    fn fill(&mut self) -> Result<(), ClipError> {
        loop {
            let room = (self.ring.read_number() + RING_SAMPLES as u64 - PAST_SAMPLES)
                .saturating_sub(self.ring.written());
            let count = self.waiting.len().min(usize::try_from(room).unwrap_or(usize::MAX));
            self.ring.write(self.waiting.get(..count).unwrap_or_default());
            self.waiting.drain(..count);
            if !self.waiting.is_empty() {
                return Ok(());
            }
            if !self.read()? {
                self.ring.close();
                return Ok(());
            }
        }
    }

    /// Decodes some more; false at the end.
    fn read(&mut self) -> Result<bool, ClipError> {
        if self.pass.is_none() {
            self.pass = Some(self.clip.begin()?);
        }
        let Some(pass) = &mut self.pass else { return Ok(false) };
        if !self.clip.read(pass, &mut self.waiting)? {
            self.pass = None;
            return Ok(self.looped);
        }
        let skipped = self.waiting.len().min(usize::try_from(self.skip).unwrap_or(usize::MAX));
        self.waiting.drain(..skipped);
        self.skip -= skipped as u64;
        Ok(true)
    }
}

impl Drop for Feed {
    /// Nothing more comes, whatever the reason: then the voice ends.
    fn drop(&mut self) {
        self.ring.close();
    }
}

#[cfg(test)]
mod tests;
