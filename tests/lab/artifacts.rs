//! Where the built artefacts and the fetched tools are. `cargo xtask` says so by environment variables; without
//! them the places where it puts things are tried.

use std::env;
use std::path::{Path, PathBuf};

use super::LabError;

/// The native binary `edgelatch`.
pub fn program() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_BIN", "dist/edgelatch")
}

/// The Envoy filter as WebAssembly.
pub fn filter() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_ENVOY_FILTER", "dist/edgelatch-envoy.wasm")
}

/// The filter as an OCI image layout, a folder.
pub fn image() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_ENVOY_IMAGE", "dist/edgelatch-envoy.oci")
}

/// The filter that breaks on demand.
pub fn trapping_filter() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_TRAPPING_FILTER", "target/wasm32-wasip1/trap/edgelatch_envoy.chosen.wasm")
}

/// The core behind plain WebAssembly functions.
pub fn wasm_core() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_WASM_CORE", "target/wasm32-wasip1/wasm/edgelatch_test_wasm_core.wasm")
}

/// A filter that does nothing, as the measure of what any filter costs.
pub fn empty_filter() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_EMPTY_FILTER", "target/wasm32-wasip1/wasm/edgelatch_empty_filter.lean.wasm")
}

/// A filter that makes the host calls of ours and decides nothing.
pub fn asking_filter() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_ASKING_FILTER", "target/wasm32-wasip1/wasm/edgelatch_asking_filter.lean.wasm")
}

/// ES256 by the crate `p256` as WebAssembly, for the bench.
pub fn plain_p256() -> Result<PathBuf, LabError> {
    locate(
        "EDGELATCH_PLAIN_P256",
        "target/wasm32-unknown-unknown/www/edgelatch_plain_p256.lean.wasm",
    )
}

/// The bundled gateway for Workers, a folder.
pub fn worker() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_WORKER", "dist/worker")
}

/// The npm package as it is packed, a folder.
pub fn npm_package() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_NPM_PACKAGE", "dist/npm/edgelatch")
}

/// The runtime of Workers: the program itself, not the script that starts it, or nobody could stop it.
pub fn workerd_program() -> Result<PathBuf, LabError> {
    locate(
        "EDGELATCH_WORKERD",
        &format!("www/node_modules/@cloudflare/workerd-{}/bin/workerd", platform()),
    )
}

/// As npm names it.
fn platform() -> String {
    let system = if env::consts::OS == "macos" { "darwin" } else { env::consts::OS };
    let machine = if env::consts::ARCH == "x86_64" { "64" } else { "arm64" };
    format!("{system}-{machine}")
}

/// The Envoy binary.
pub fn envoy_program() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_ENVOY", "target/envoy")
}

/// The preloaded wall clock.
pub fn test_clock() -> Result<PathBuf, LabError> {
    locate("EDGELATCH_TEST_CLOCK", "target/debug/libedgelatch_test_clock.so")
}

/// The root of the repository: relative paths of configurations start here.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

fn locate(variable: &'static str, default: &str) -> Result<PathBuf, LabError> {
    let path = env::var_os(variable).map_or_else(|| default.into(), PathBuf::from);
    let path = repository().join(path);
    if path.exists() { Ok(path) } else { Err(LabError::Absent { variable, path }) }
}
