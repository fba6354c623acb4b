//! The Metapython engine: a game loop whose processes are ECS entities.
//!
//! A [`Machine`](machine::Machine) is a world, a clock and a loop. A *process* is an entity with a
//! priority, an interval and a [`Behaviour`](process::Behaviour); the machine steps those that are
//! due, in an order that is always the same, draws what has a shape and plays what sounds. Whatever
//! touches the outside is a port with an implementation that needs no device, so that the same
//! machine runs in a window, in a test and in a server room. The engine knows no scripting language.
//!
//! The order of a turn stands in `frame.rs`: read it first.
//!
//! # Examples
//!
//! A process that counts its steps, ten ticks of it:
//!
//! ```
//! use bevy_ecs::prelude::Component;
//! use metapython_engine::machine::Machine;
//! use metapython_engine::process::{self, Behaviour, Interval, NewProcess, Next, Step, StepError};
//!
//! #[derive(Component, Default)]
//! struct Count(u32);
//!
//! struct Counter;
//!
//! impl Behaviour for Counter {
//!     fn step(&mut self, step: Step<'_>) -> Result<Next, StepError> {
//!         step.world.entity_mut(step.process).entry::<Count>().or_default().get_mut().0 += 1;
//!         Ok(Next::Interval)
//!     }
//! }
//!
//! let mut machine = Machine::builder().hz(60).build();
//! let interval = Interval::from_secs(1.0 / 120.0)?;
//! let new = NewProcess { interval, ..NewProcess::of("Counter") };
//! let counter = process::spawn(machine.world_mut(), &new)?;
//! process::launch(machine.world_mut(), counter, Box::new(Counter));
//! assert_eq!(machine.run(Some(10)), 0);
//! assert_eq!(machine.world().get::<Count>(counter).map(|count| count.0), Some(20));
//! # Ok::<(), process::ProcessError>(())
//! ```

pub mod alert;
pub mod audio;
pub mod clock;
pub mod color;
pub mod component;
pub mod console;
mod destination;
pub mod frame;
pub mod input;
pub mod inspect;
pub mod instruction;
pub mod machine;
pub mod memory;
pub mod message;
pub mod motion;
pub mod nearest;
#[cfg(feature = "overlay")]
pub mod overlay;
pub mod platform;
pub mod process;
pub mod release;
#[cfg(feature = "remote")]
pub mod remote;
pub mod render;
pub mod scene;
pub mod schedule;
pub mod ui;
pub mod value;
pub mod watch;
mod wide;
