//! How long steps take.
//!
//! A reading of the operating system's clock costs half of what a small step does. Where the
//! processor has a time stamp counter that runs at one rate, that is read instead, and its rate is
//! taken from the clock over the life of the stopwatch.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bevy_ecs::resource::Resource;

/// Measures spans of real time, cheaply. A reading is a count, whose unit [`secs`](Self::secs) and
/// [`count`](Self::count) know.
#[derive(Clone, Debug, Resource)]
pub struct Stopwatch {
    source: Source,
    made: Instant,
    first: u64,
}

#[derive(Clone, Debug)]
enum Source {
    /// The processor's counter.
    #[cfg(target_arch = "x86_64")]
    Counter,
    /// The operating system's clock, in nanoseconds.
    Clock,
    /// Nanoseconds that somebody sets.
    Manual(Arc<AtomicU64>),
    /// Nanoseconds, of which so many pass with each reading.
    Counting(Arc<AtomicU64>, u64),
}

/// How long a stopwatch must have run for its rate to be known to better than a percent.
const SETTLED: Duration = Duration::from_micros(20);

impl Default for Stopwatch {
    fn default() -> Self {
        #[cfg(target_arch = "x86_64")]
        let source = if counter::is_steady() { Source::Counter } else { Source::Clock };
        #[cfg(not(target_arch = "x86_64"))]
        let source = Source::Clock;
        Self::of(source)
    }
}

impl Stopwatch {
    /// A stopwatch that shows the nanoseconds in `nanos`, for tests and simulations of load.
    pub fn manual(nanos: Arc<AtomicU64>) -> Self {
        Self::of(Source::Manual(nanos))
    }

    /// A stopwatch on which `each` nanoseconds pass with each reading, in `nanos`: for tests of how much
    /// is done between two of them.
    pub fn counting(nanos: Arc<AtomicU64>, each: u64) -> Self {
        Self::of(Source::Counting(nanos, each))
    }

    fn of(source: Source) -> Self {
        let mut stopwatch = Self { source, made: Instant::now(), first: 0 };
        stopwatch.first = stopwatch.read();
        stopwatch
    }

    /// The count now.
    #[inline]
    pub fn read(&self) -> u64 {
        match &self.source {
            #[cfg(target_arch = "x86_64")]
            Source::Counter => counter::read(),
            Source::Clock => u64::try_from(self.made.elapsed().as_nanos()).unwrap_or(u64::MAX),
            Source::Manual(nanos) => nanos.load(Ordering::Relaxed),
            Source::Counting(nanos, each) => nanos.fetch_add(*each, Ordering::Relaxed),
        }
    }

    /// A difference of two readings in seconds.
    pub fn secs(&self, count: u64) -> f64 {
        self.scale()(count)
    }

    /// What [`secs`](Self::secs) is now, for several differences that are to be compared: the rate is
    /// asked for once, which costs two readings of the system's clock.
    #[expect(clippy::cast_precision_loss, reason = "exact to a count for 52 days of them")]
    pub fn scale(&self) -> impl Fn(u64) -> f64 + use<> {
        let counts_per_sec = self.counts_per_sec();
        move |count| count as f64 / counts_per_sec
    }

    /// The difference of two readings that lie so far apart.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a product of two numbers that are not negative; too large a one saturates"
    )]
    pub fn count(&self, span: Duration) -> u64 {
        (span.as_secs_f64() * self.counts_per_sec()) as u64
    }

    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 53 bits")]
    fn counts_per_sec(&self) -> f64 {
        #[cfg(target_arch = "x86_64")]
        if matches!(self.source, Source::Counter) {
            while self.made.elapsed() < SETTLED {
                std::hint::spin_loop();
            }
            let counted = self.read() - self.first;
            return counted as f64 / self.made.elapsed().as_secs_f64();
        }
        1e9
    }
}

#[cfg(target_arch = "x86_64")]
mod counter {
    use core::arch::x86_64::{__cpuid, _rdtsc};

    /// Whether the counter runs at one rate in all states of the processor ("invariant TSC", AMD64
    /// Architecture Programmer's Manual, volume 3, CPUID function 8000_0007, EDX bit 8).
    pub(super) fn is_steady() -> bool {
        const HIGHEST_FUNCTION: u32 = 0x8000_0000;
        const POWER_MANAGEMENT: u32 = 0x8000_0007;
        const INVARIANT: u32 = 1 << 8;
        __cpuid(HIGHEST_FUNCTION).eax >= POWER_MANAGEMENT
            && __cpuid(POWER_MANAGEMENT).edx & INVARIANT != 0
    }

    #[inline]
    pub(super) fn read() -> u64 {
        // SAFETY: every x86-64 processor has the instruction, and it only reads.
        unsafe { _rdtsc() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Stopwatch;

    /// A span measured by the stopwatch is the span that the clock measures around it.
    #[test]
    fn it_agrees_with_the_clock() {
        let stopwatch = Stopwatch::default();
        let (outer, first) = (Instant::now(), stopwatch.read());
        let inner = Instant::now();
        while inner.elapsed() < Duration::from_millis(20) {}
        let within = inner.elapsed();
        let counted = stopwatch.read() - first;
        let without = outer.elapsed();
        let secs = stopwatch.secs(counted);
        assert!(secs > within.as_secs_f64() * 0.99, "{secs} {within:?}");
        assert!(secs < without.as_secs_f64() * 1.01, "{secs} {without:?}");
        let count = stopwatch.count(Duration::from_secs_f64(secs));
        assert!(count.abs_diff(counted) < counted / 100, "{count} {counted}");
    }
}
