//! A wall clock that tests set, preloaded into Envoy.
//!
//! A verdict on a token depends on the time, and Envoy has no setting for it. Loaded by `LD_PRELOAD`, this library
//! answers Envoy's questions for the wall clock from a shared file, so that each case of the corpus runs at exactly
//! its own `now`. Monotonic clocks stay real: timers and time-outs keep working.
//!
//! The file is named by `EDGELATCH_CLOCK_FILE` and holds eight bytes: Unix time in nanoseconds, little endian.
//! Zero, or no file, means the real clock.

#[cfg(target_os = "linux")]
mod shared_file;
#[cfg(target_os = "linux")]
mod symbols;
