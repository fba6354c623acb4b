//! Huge pages.

use std::mem::MaybeUninit;

/// Asks the system for huge pages where `memory` has room for some and was not touched yet. It may
/// say no: then all is as it would have been.
pub(super) fn ask_for_huge_pages<T>(memory: &mut [MaybeUninit<T>]) {
    #[cfg(target_os = "linux")]
    {
        const HUGE: usize = 2 << 20;
        let bytes = size_of_val(memory);
        if bytes < HUGE {
            return;
        }
        // SAFETY: sysconf only answers.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
        let start = memory.as_mut_ptr().cast::<u8>();
        let ahead = start.align_offset(page).min(bytes);
        // SAFETY: the range is within memory that is ours alone, and the advice changes neither
        // what is in there nor who may use it.
        unsafe { libc::madvise(start.add(ahead).cast(), bytes - ahead, libc::MADV_HUGEPAGE) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = memory;
}
