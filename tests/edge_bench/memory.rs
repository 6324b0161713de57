//! How large the filter is: its file, and a virtual machine that has seen many tokens.

use std::fs;
use std::thread;
use std::time::Duration;

use edgelatch_tests::lab::filter;

use super::Failure;
use super::algorithm::Algorithm;
use super::edge::Edge;
use super::fleet;
use super::ground::Ground;
use super::load::Until;
use super::rows::{Crowd, EdgeKind};
use super::traffic::Admitted;

/// Memory after the same 20,000 tokens, in units of 1,024 times 1,024 bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// The linear memory of our filter in one worker: policy, keys, cached tokens. Compiled code is not in it; V8
    /// keeps one copy for all workers.
    pub(crate) machine: f64,
    /// How many of the tokens were no longer known when they came again: then the figure above is for fewer.
    pub(crate) forgotten: f64,
    /// What the whole process takes more than one with an empty filter: code, and the machines without requests, too.
    pub(crate) process_over_empty: f64,
}

/// The size of the file, in units of 1,024 bytes.
pub(crate) fn file_kilobytes() -> Result<f64, Failure> {
    let bytes = fs::metadata(filter()?)?.len();
    Ok(f64::from(u32::try_from(bytes)?) / 1024.0)
}

/// Sends the tokens to a fresh Envoy with our filter and to one with an empty one.
pub(crate) fn measure(ground: &Ground) -> Result<Memory, Failure> {
    let all = ground.tokens.of(Algorithm::Es256);
    let paths = ["/orders/17".to_owned()];
    let mut traffic = Admitted::new(all.get(..usize::try_from(CACHED)?).unwrap_or(all), &paths);
    let mut ours = fleet::start(EdgeKind::Ours(Crowd::Known(20_000)), ground)?;
    // A token is kept when it comes for the second time.
    send(&mut ours, &mut traffic, 2 * CACHED)?;
    let learnt = ours.counter(MISSES)?;
    send(&mut ours, &mut traffic, CACHED)?;
    let mut empty = fleet::start(EdgeKind::EmptyWasm, ground)?;
    send(&mut empty, &mut traffic, 3 * CACHED)?;
    Ok(Memory {
        forgotten: ours.counter(MISSES)? - learnt,
        machine: megabytes(ours.machine_bytes()?),
        process_over_empty: megabytes(ours.resident_bytes()?) - megabytes(empty.resident_bytes()?),
    })
}

/// Bytes as a figure for people.
pub(crate) fn megabytes(bytes: u64) -> f64 {
    // No process here has more than four terabytes.
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}

fn send(edge: &mut Edge, traffic: &mut Admitted<'_>, requests: u32) -> Result<(), Failure> {
    edge.send(traffic, Until::Requests(requests))?;
    // The filter hands its counters over once a second.
    thread::sleep(Duration::from_secs(3));
    Ok(())
}

const MISSES: &str = "edgelatch.token_cache_misses";

/// Tokens that the machine has seen.
const CACHED: u32 = 20_000;
