//! Time as the watchdog measures it: on the wall, and of one thread's computing.

use std::time::Duration;

/// A duration in nanoseconds, at most 584 years.
pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// The monotonic clock, nanoseconds from a point of the system's.
pub(super) fn now() -> u64 {
    read(libc::CLOCK_MONOTONIC).unwrap_or(0)
}

/// How long the calling thread has been computing, nanoseconds.
pub(super) fn own_computing() -> u64 {
    read(libc::CLOCK_THREAD_CPUTIME_ID).unwrap_or(0)
}

/// The computing time of a thread, to be read by others. Outside of Linux it is unknown.
#[derive(Clone, Copy, Debug)]
pub(super) struct ThreadClock(Option<libc::clockid_t>);

impl ThreadClock {
    /// The clock of the calling thread.
    #[cfg(target_os = "linux")]
    pub(super) fn of_this_thread() -> Self {
        let mut clock = 0;
        // SAFETY: the thread is the calling one, and the result goes into a local variable.
        let status = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) };
        Self((status == 0).then_some(clock))
    }

    /// The clock of the calling thread.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of_this_thread() -> Self {
        Self(None)
    }

    /// How long the thread has been computing, nanoseconds.
    pub(super) fn read(self) -> Option<u64> {
        self.0.and_then(read)
    }
}

fn read(clock: libc::clockid_t) -> Option<u64> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the result goes into a local variable; a clock that is none is refused.
    let status = unsafe { libc::clock_gettime(clock, &raw mut time) };
    let (secs, nanos) = (u64::try_from(time.tv_sec).ok()?, u64::try_from(time.tv_nsec).ok()?);
    (status == 0).then(|| secs.saturating_mul(1_000_000_000).saturating_add(nanos))
}
