//! An allocator that only ever grows: enough to link and to decide once.

#![expect(unsafe_code, reason = "an allocator deals in raw memory")]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::ptr::{self, null_mut};
use core::sync::atomic::{AtomicUsize, Ordering};

struct Growing {
    /// The first free address in the pages that were asked for; 0 before the first.
    next: AtomicUsize,
}

#[global_allocator]
static MEMORY: Growing = Growing { next: AtomicUsize::new(0) };

// SAFETY: every area is aligned, lies in pages that were grown for it and is handed out once. This target has one
// thread, so a load and a store need not be one step.
unsafe impl GlobalAlloc for Growing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let end = memory_size(0).saturating_mul(PAGE);
        let next = match self.next.load(Ordering::Relaxed) {
            0 => end,
            next => next,
        };
        let start = next.next_multiple_of(layout.align());
        let Some(after) = start.checked_add(layout.size()) else { return null_mut() };
        if after > end {
            let pages = after.saturating_sub(end).div_ceil(PAGE);
            if memory_grow(0, pages) == usize::MAX {
                return null_mut();
            }
        }
        self.next.store(after, Ordering::Relaxed);
        ptr::with_exposed_provenance_mut(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

const PAGE: usize = 65536;
