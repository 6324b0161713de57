//! How large the filter is: its file, and one virtual machine that has seen many tokens.

use std::fs;
use std::path::Path;

use edgelatch_tests::lab::filter;
use serde_json::Value;

use super::Failure;
use super::algorithm::Algorithm;
use super::fleet;
use super::load::Until;
use super::rows::{Crowd, EdgeKind};
use super::tokens::Tokens;
use super::traffic::Admitted;

/// The size of the file, in units of 1,024 bytes.
pub(crate) fn file_kilobytes() -> Result<f64, Failure> {
    let bytes = fs::metadata(filter()?)?.len();
    Ok(f64::from(u32::try_from(bytes)?) / 1024.0)
}

/// What a process needs with our filter more than with an empty one, after the same tokens, in units of 1,024
/// times 1,024 bytes.
///
/// Envoy has no figure for the memory of one machine. This one is from above: it also holds what V8 compiled, and the
/// policy in the machines from which Envoy clones those of its workers.
pub(crate) fn machine_megabytes(
    key_set: &Value,
    tokens: &Tokens,
    folder: &Path,
) -> Result<f64, Failure> {
    let ours = resident(EdgeKind::Ours(Crowd::Known(CACHED)), key_set, tokens, folder)?;
    let empty = resident(EdgeKind::EmptyWasm, key_set, tokens, folder)?;
    Ok(megabytes(ours) - megabytes(empty))
}

/// Bytes as a figure for people.
pub(crate) fn megabytes(bytes: u64) -> f64 {
    // No process here has more than four terabytes.
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}

fn resident(
    kind: EdgeKind,
    key_set: &Value,
    tokens: &Tokens,
    folder: &Path,
) -> Result<u64, Failure> {
    let mut edge = fleet::start(kind, key_set, folder)?;
    let all = tokens.of(Algorithm::Es256);
    let paths = ["/orders/17".to_owned()];
    let mut traffic = Admitted::new(all.get(..CACHED).unwrap_or(all), &paths);
    edge.send(&mut traffic, Until::Requests(u32::try_from(CACHED)?))?;
    edge.resident_bytes()
}

/// Tokens that the machine has seen.
const CACHED: usize = 20_000;
