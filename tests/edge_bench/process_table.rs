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

/// The linear memory of each WebAssembly machine in a process, in bytes.
///
/// V8 reserves more than four gigabytes for each, so that no 32-bit address leads out of it, and makes the beginning
/// usable that the program has asked for. No other mapping looks like that.
pub(crate) fn wasm_memories(process: u32) -> Result<Vec<u64>, Failure> {
    let text = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let mappings: Vec<Mapping> = text.lines().filter_map(Mapping::parse).collect();
    let pairs = mappings.iter().zip(mappings.iter().skip(1));
    let machines = pairs.filter(|(memory, rest)| {
        memory.is_usable
            && !rest.is_usable
            && memory.end == rest.begin
            && rest.size() > MINIMUM_REST
    });
    Ok(machines.map(|(memory, _)| memory.size()).collect())
}

struct Mapping {
    begin: u64,
    end: u64,
    is_usable: bool,
}

impl Mapping {
    /// A line such as `7f91852d0000-7f9185450000 rw-p 00000000 00:00 0`.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (begin, end) = words.next()?.split_once('-')?;
        Some(Self {
            begin: u64::from_str_radix(begin, 16).ok()?,
            end: u64::from_str_radix(end, 16).ok()?,
            is_usable: words.next()? != "---p",
        })
    }

    fn size(&self) -> u64 {
        self.end.saturating_sub(self.begin)
    }
}

const MINIMUM_REST: u64 = 3 << 30;
