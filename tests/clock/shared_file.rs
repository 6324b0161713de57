//! The file that holds the time.

#![expect(
    unsafe_code,
    reason = "maps a file by plain libc: this runs before the program it is loaded into"
)]

use core::ptr;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::OnceLock;

/// The time that the test set, in Unix nanoseconds; `None` when it set none.
pub(crate) fn nanoseconds() -> Option<u64> {
    let cell = (*CELL.get_or_init(open))?;
    let value = u64::from_le(cell.load(Ordering::Relaxed));
    (value != 0).then_some(value)
}

static CELL: OnceLock<Option<&'static AtomicU64>> = OnceLock::new();

/// Maps the file once, for the life of the process.
fn open() -> Option<&'static AtomicU64> {
    // SAFETY: plain calls with constant, NUL-terminated strings. The mapping is page-aligned, as long as the cell,
    // never unmapped and only read as an atomic.
    unsafe {
        let path = libc::getenv(c"EDGELATCH_CLOCK_FILE".as_ptr());
        if path.is_null() {
            return None;
        }
        let file = libc::open(path, libc::O_RDONLY | libc::O_CLOEXEC);
        if file < 0 {
            return None;
        }
        let length = size_of::<AtomicU64>();
        let memory =
            libc::mmap(ptr::null_mut(), length, libc::PROT_READ, libc::MAP_SHARED, file, 0);
        libc::close(file);
        if memory == libc::MAP_FAILED {
            return None;
        }
        Some(&*memory.cast::<AtomicU64>())
    }
}
