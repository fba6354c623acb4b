//! Loops over many numbers, as wide as the processor can take them.
//!
//! The program runs on any processor of its kind, so that its loops take 16 bytes at once on x86-64.
//! Most processors take 32, which spares a block of columns a twentieth of its time.

/// Does something with whatever vectors the processor has. What `work` calls must be inlined into it,
/// and it should take longer than some nanoseconds.
#[inline]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn with_avx2<R>(work: impl FnOnce() -> R) -> R {
            work()
        }

        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has what the function needs.
            return unsafe { with_avx2(work) };
        }
    }
    work()
}
