//! The libc symbols that programs ask for the wall clock, replaced.

#![expect(unsafe_code, reason = "replaces C functions by name")]

use libc::{c_int, c_void, clockid_t, time_t, timespec, timeval};

use crate::shared_file;

/// `clock_gettime(2)`: the wall clock from the file, every other clock from the kernel.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: clockid_t, out: *mut timespec) -> c_int {
    let wall = matches!(clock, libc::CLOCK_REALTIME | libc::CLOCK_REALTIME_COARSE);
    let Some(nanoseconds) = wall.then(shared_file::nanoseconds).flatten() else {
        // SAFETY: the caller's own arguments, passed on. By number, since the name is this function.
        let status = unsafe { libc::syscall(libc::SYS_clock_gettime, clock, out) };
        return c_int::try_from(status).unwrap_or(-1);
    };
    // SAFETY: clock_gettime's contract: `out` points to a timespec.
    unsafe {
        (*out).tv_sec = (nanoseconds / NANOSECONDS).cast_signed();
        (*out).tv_nsec = (nanoseconds % NANOSECONDS).cast_signed();
    }
    0
}

/// `gettimeofday(2)`.
#[unsafe(no_mangle)]
unsafe extern "C" fn gettimeofday(out: *mut timeval, _zone: *mut c_void) -> c_int {
    let now = wall_clock();
    // SAFETY: gettimeofday's contract: `out` is null or points to a timeval.
    if let Some(out) = unsafe { out.as_mut() } {
        out.tv_sec = now.tv_sec;
        out.tv_usec = now.tv_nsec / 1000;
    }
    0
}

/// `time(2)`.
#[unsafe(no_mangle)]
unsafe extern "C" fn time(out: *mut time_t) -> time_t {
    let now = wall_clock();
    // SAFETY: time's contract: `out` is null or points to a time_t.
    if let Some(out) = unsafe { out.as_mut() } {
        *out = now.tv_sec;
    }
    now.tv_sec
}

fn wall_clock() -> timespec {
    let mut now = timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a timespec of this frame.
    unsafe { clock_gettime(libc::CLOCK_REALTIME, &raw mut now) };
    now
}

const NANOSECONDS: u64 = 1_000_000_000;
