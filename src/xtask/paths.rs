//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Where the artefacts are left.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// The native binary.
pub(crate) fn program() -> PathBuf {
    dist().join("edgelatch")
}

/// The Envoy filter.
pub(crate) fn filter() -> PathBuf {
    dist().join("edgelatch-envoy.wasm")
}

/// The Envoy filter as an OCI image layout.
pub(crate) fn image() -> PathBuf {
    dist().join("edgelatch-envoy.oci")
}

/// The JavaScript side.
pub(crate) fn www() -> PathBuf {
    root().join("www")
}

/// Where what goes to npm is left.
pub(crate) fn npm() -> PathBuf {
    dist().join("npm")
}

/// The npm package as it is packed.
pub(crate) fn package() -> PathBuf {
    npm().join("edgelatch")
}

/// The npm package.
pub(crate) fn tarball() -> PathBuf {
    npm().join(format!("edgelatch-{}.tgz", env!("CARGO_PKG_VERSION")))
}

/// The filter that breaks on demand, for the drill.
pub(crate) fn trapping_filter() -> PathBuf {
    target().join(crate::targets::ENVOY_FILTER).join("trap/edgelatch_envoy.chosen.wasm")
}

/// The core that the tests run in an engine of their own.
pub(crate) fn wasm_core() -> PathBuf {
    target().join(crate::targets::ENVOY_FILTER).join("wasm/edgelatch_test_wasm_core.wasm")
}

/// The filter that does nothing, for the bench.
pub(crate) fn empty_filter() -> PathBuf {
    target().join(crate::targets::ENVOY_FILTER).join("wasm/edgelatch_empty_filter.lean.wasm")
}

/// The filter that makes the host calls of ours and decides nothing, for the bench.
pub(crate) fn asking_filter() -> PathBuf {
    target().join(crate::targets::ENVOY_FILTER).join("wasm/edgelatch_asking_filter.lean.wasm")
}

/// ES256 by another's code, for the bench.
pub(crate) fn plain_p256() -> PathBuf {
    target().join(crate::targets::JAVASCRIPT).join("www/edgelatch_plain_p256.lean.wasm")
}

/// The bench of the guard in workerd.
pub(crate) fn worker_bench() -> PathBuf {
    target().join("release/edgelatch-worker-bench")
}

/// The bench of the filter in Envoy, as `cargo build --release` leaves it.
pub(crate) fn edge_bench() -> PathBuf {
    target().join("release/edgelatch-edge-bench")
}

/// The wall clock that tests preload into Envoy.
pub(crate) fn test_clock() -> PathBuf {
    target().join("debug/libedgelatch_test_clock.so")
}

/// A program, such as a demo, as `cargo build` and `cargo test` leave it.
pub(crate) fn debug(program: &str) -> PathBuf {
    target().join("debug").join(program)
}

/// Where fetched tools are kept between checkouts: `EDGELATCH_CACHE`, or the user's cache folder.
pub(crate) fn cache() -> PathBuf {
    if let Some(path) = env::var_os("EDGELATCH_CACHE") {
        return root().join(path);
    }
    let user = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    user.or_else(home).map_or_else(|| target().join("cache"), |cache| cache.join("edgelatch"))
}
