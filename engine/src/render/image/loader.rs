//! A thread that reads images while the world goes on.

use std::path::PathBuf;
use std::thread;

use crossbeam::channel::{Receiver, Sender, unbounded};

use super::decode::decode;
use super::{ImageId, Picture};

/// A file that is to be read for an image.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) id: ImageId,
    /// Which reading of the image it is.
    pub(super) number: u64,
    pub(super) file: PathBuf,
}

/// What came of an order.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) id: ImageId,
    pub(super) number: u64,
    pub(super) picture: Result<Picture, String>,
}

/// Reads one file after the other on a thread of its own, which ends with it.
#[derive(Debug)]
pub(super) struct Loader {
    orders: Sender<Order>,
    deliveries: Receiver<Delivery>,
}

impl Loader {
    /// A loader; `None` if the system has no thread for it.
    pub(super) fn start() -> Option<Self> {
        let (orders, to_read) = unbounded::<Order>();
        let (read, deliveries) = unbounded();
        let run = move || {
            for Order { id, number, file } in to_read {
                if read.send(Delivery { id, number, picture: decode(&file) }).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new().name("images".to_owned()).spawn(run).ok()?;
        Some(Self { orders, deliveries })
    }

    /// Has a file read; gives the order back if nobody reads any more.
    pub(super) fn order(&self, order: Order) -> Result<(), Order> {
        self.orders.send(order).map_err(|refused| refused.0)
    }

    /// What was read since the last call.
    pub(super) fn deliveries(&self) -> impl Iterator<Item = Delivery> {
        self.deliveries.try_iter()
    }
}
