//! Pictures that somebody wants of what a user sees; they are taken when the frame of a tick is over.

use std::mem;

use bevy_ecs::resource::Resource;
use crossbeam::channel::{Receiver, Sender, bounded};

use super::{DisplayError, Picture};

/// A picture, or why there is none.
pub type Taken = Result<Picture, DisplayError>;

/// Who wants a picture of this tick.
#[derive(Debug, Default, Resource)]
pub struct PictureWishes(Vec<Sender<Taken>>);

impl PictureWishes {
    /// Asks for a picture, which comes once this tick has been drawn.
    pub fn ask(&mut self) -> Receiver<Taken> {
        let (sender, receiver) = bounded(1);
        self.0.push(sender);
        receiver
    }

    /// Gives a picture to those who wanted one.
    pub(crate) fn fulfil(wishes: Vec<Sender<Taken>>, taken: &Taken) {
        for wish in wishes {
            // Whoever wanted it may have gone since.
            let _ = wish.try_send(taken.clone());
        }
    }

    /// The wishes so far, which are to be fulfilled.
    pub(crate) fn take(&mut self) -> Vec<Sender<Taken>> {
        mem::take(&mut self.0)
    }
}
