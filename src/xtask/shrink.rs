//! Makes the filter small: without what only the exports needed that it does not keep.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Failure;
use crate::artifacts::Network;
use crate::binaryen;
use crate::entries;
use crate::run::{run, say};

/// What the compiler uses of WebAssembly, all of which Envoy's V8 and the JavaScript runtimes have had for years.
pub(crate) const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Writes a small copy of the module at `from` to `to`, unless it was made of the same before.
pub(crate) fn shrink(from: &Path, to: &Path, network: Network) -> Result<(), Failure> {
    let (chosen, stamp) = (to.with_extension("chosen.wasm"), to.with_extension("stamp"));
    entries::choose(from, &chosen)?;
    let state = state(&chosen)?;
    if to.is_file() && fs::read_to_string(&stamp).is_ok_and(|known| known == state) {
        return Ok(());
    }
    say("making the filter small (wasm-opt)");
    // Half a result must not be taken for a whole one the next time.
    fs::write(&stamp, "").map_err(Failure::file("write", &stamp))?;
    let mut optimise = binaryen::tool("wasm-opt", network)?;
    optimise.args(OPTIMISE).args(FEATURES).arg(&chosen).arg("--output").arg(to);
    run(optimise, "wasm-opt")?;
    fs::write(&stamp, state).map_err(Failure::file("write", &stamp))
}

/// Differs as soon as the result may.
fn state(chosen: &Path) -> Result<String, Failure> {
    let module = fs::read(chosen).map_err(Failure::file("read", chosen))?;
    Ok(format!("{:x} {OPTIMISE:?} {FEATURES:?}", Sha256::digest(module)))
}

const OPTIMISE: [&str; 3] = ["-Oz", "--strip-debug", "--strip-producers"];
