//! Lending the world to Python for the time of a call.
//!
//! The engine hands a behaviour `&mut World`; Python code has no way to pass it on. So it is lent:
//! [`lend`] keeps it for this thread while Python runs, and a binding that needs it borrows it with
//! [`with_world`]; where none is lent, an ordinary interpreter has one of its own
//! ([`resident`]). While one binding has it no other can, and no other thread ever can: both get a
//! Python exception, never a second reference.

use std::cell::Cell;
use std::ptr::NonNull;

use bevy_ecs::world::World;
use pyo3::prelude::*;

use crate::resident;

/// What is said where there is no world to be had.
pub(crate) const UNREACHABLE: &str = "the world cannot be reached from here: only the machine's own \
    thread touches it, in steps, instructions and console lines; from another thread use \
    Instruction(...).execute()";

thread_local! {
    /// The world that is lent to Python on this thread, unless a binding has it.
    static LENT: Cell<Option<NonNull<World>>> = const { Cell::new(None) };
}

/// Puts back what [`LENT`] held before, also when a panic passes through.
struct Restore(Option<NonNull<World>>);

impl Drop for Restore {
    fn drop(&mut self) {
        LENT.set(self.0);
    }
}

/// Runs `act`, in which Python code can reach the world.
///
/// Inlined, as what it is wrapped around is a step: what the closures hand to each other by way of
/// memory costs a tenth of a small one.
#[inline(always)]
pub fn lend<R>(world: &mut World, act: impl FnOnce() -> R) -> R {
    let _restore = Restore(LENT.replace(Some(NonNull::from(world))));
    act()
}

/// Borrows the world that is lent on this thread. `act` must not run Python code that needs it.
///
/// # Errors
/// `RuntimeError` if there is none: on another thread, in an interpreter that has no machine, or
/// within `act`.
pub fn with_world<R>(act: impl FnOnce(&mut World) -> R) -> PyResult<R> {
    let world = match LENT.take() {
        Some(world) => world,
        None => {
            let world = resident::open()?;
            // What that has lent, too, is out of reach for the time of this.
            LENT.set(None);
            world
        }
    };
    Ok(borrow(world, act))
}

/// As [`with_world`], with `None` where no world is lent.
#[inline]
pub fn try_with_world<R>(act: impl FnOnce(&mut World) -> R) -> Option<R> {
    LENT.take().map(|world| borrow(world, act))
}

/// Lets `act` have the world that was taken out of [`LENT`], and puts it back there.
#[inline]
fn borrow<R>(mut world: NonNull<World>, act: impl FnOnce(&mut World) -> R) -> R {
    let _restore = Restore(Some(world));
    // SAFETY: the pointer comes from the `&mut World` of the innermost `lend` on this thread, which
    // is still borrowed there and not used until `act` of that `lend` has returned; or from the
    // resident machine, which does not turn as long as its world is lent. Taking it out of `LENT`
    // keeps every other borrow from making a second reference.
    act(unsafe { world.as_mut() })
}

/// Lends a world, or none, until the next call of this: the resident machine's. It must not be used
/// otherwise meanwhile.
pub(crate) fn lend_for_good(world: Option<NonNull<World>>) {
    LENT.set(world);
}

/// Whether Python code on this thread can reach a world now.
pub fn is_lent() -> bool {
    LENT.get().is_some()
}

#[cfg(test)]
mod tests {
    use bevy_ecs::world::World;

    use super::{is_lent, lend, with_world};

    /// Within a borrow, and after the loan, there is no second way to the world.
    #[test]
    fn the_world_is_borrowed_once_at_a_time() {
        let mut world = World::new();
        let before = world.entity_count();
        lend(&mut world, || {
            let nested = with_world(|world| {
                world.spawn_empty();
                (with_world(|_| ()).is_err(), lend(world, || with_world(|_| ()).is_ok()))
            });
            assert_eq!(nested.unwrap(), (true, true));
            assert!(with_world(|_| ()).is_ok());
            let elsewhere = std::thread::scope(|scope| {
                scope.spawn(|| with_world(|_| ()).is_err()).join().unwrap()
            });
            assert!(elsewhere);
        });
        assert!(!is_lent());
        assert_eq!(world.entity_count(), before + 1);
    }

    /// A panic in a loan does not leave a dangling world behind.
    #[test]
    fn a_panic_ends_the_loan() {
        let mut world = World::new();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            lend(&mut world, || panic!("in the loan"));
        }));
        assert!(outcome.is_err());
        assert!(!is_lent());
    }
}
