//! Makes the filter small and takes out of it what a host would call for nothing.
//!
//! The SDK of the filter exports a function for everything that a host can announce. Envoy calls each one that is
//! there, for every request, whether it does anything or not; entering the machine costs more than looking up a token.
//! What is not exported any more is dropped with all that only it needed.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Failure;
use crate::artifacts::Network;
use crate::binaryen;
use crate::run::{run, say};

/// What stays: the callbacks of a filter that looks at requests only, and what every host asks for. A context is
/// forgotten in `proxy_on_delete`.
const EXPORTS: [&str; 13] = [
    "_initialize",
    "memory",
    "proxy_abi_version_0_2_1",
    "proxy_on_configure",
    "proxy_on_context_create",
    "proxy_on_delete",
    "proxy_on_http_call_response",
    "proxy_on_memory_allocate",
    "proxy_on_request_body",
    "proxy_on_request_headers",
    "proxy_on_request_trailers",
    "proxy_on_tick",
    "proxy_on_vm_start",
];

/// What the compiler uses of WebAssembly, all of which Envoy's V8 and the JavaScript runtimes have had for years.
pub(crate) const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Writes a small copy of the module at `from` to `to`, unless it was made of the same module before.
pub(crate) fn shrink(from: &Path, to: &Path, network: Network) -> Result<(), Failure> {
    let stamp = to.with_extension("stamp");
    let state = state(from)?;
    if to.is_file() && fs::read_to_string(&stamp).is_ok_and(|known| known == state) {
        return Ok(());
    }
    say("making the filter small (wasm-metadce, wasm-opt)");
    // Half a result must not be taken for a whole one the next time.
    fs::write(&stamp, "").map_err(Failure::file("write", &stamp))?;
    let (graph, pruned) = (to.with_extension("graph.json"), to.with_extension("pruned.wasm"));
    fs::write(&graph, roots().to_string()).map_err(Failure::file("write", &graph))?;

    let mut prune = binaryen::tool("wasm-metadce", network)?;
    prune.arg(from).args(FEATURES).arg("--graph-file").arg(&graph);
    // It lists what it took out.
    prune.stdout(Stdio::null()).arg("--output").arg(&pruned);
    run(prune, "wasm-metadce")?;

    let mut optimise = binaryen::tool("wasm-opt", network)?;
    optimise.arg("-Oz").args(["--strip-debug", "--strip-producers"]).args(FEATURES);
    optimise.arg(&pruned).arg("--output").arg(to);
    run(optimise, "wasm-opt")?;
    fs::write(&stamp, state).map_err(Failure::file("write", &stamp))
}

fn roots() -> Value {
    EXPORTS.iter().map(|name| json!({ "name": name, "export": name, "root": true })).collect()
}

/// Differs as soon as the result may.
fn state(from: &Path) -> Result<String, Failure> {
    let module = fs::read(from).map_err(Failure::file("read", from))?;
    Ok(format!("{:x} {EXPORTS:?} {FEATURES:?}", Sha256::digest(module)))
}
