//! What the process table says of a process.

use std::fs;
use std::time::Duration;

use super::Failure;

/// The CPU time of all threads so far.
///
/// The same quantity as utime + stime in `/proc/<pid>/stat`, but in nanoseconds and not in ticks of ten milliseconds,
/// so that a window need not last for seconds.
pub(crate) fn cpu_time(process: u32) -> Result<Duration, Failure> {
    let mut total = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(thread?.path().join("schedstat"))?;
        let running = text.split(' ').next().ok_or("an empty schedstat")?;
        total += running.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(total))
}

/// Memory that is really there, in bytes.
pub(crate) fn resident_bytes(process: u32) -> Result<u64, Failure> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kibibytes.ok_or("no VmRSS")?.parse::<u64>()?.saturating_mul(1024))
}
