//! `cargo xtask build`: what is shipped, in `dist`.

use std::fs;
use std::path::Path;

use crate::Failure;
use crate::entries;
use crate::image;
use crate::paths;
use crate::run::{cargo, run, say};
use crate::shrink::shrink;
use crate::{targets, www};

/// Whether cargo may fetch dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    Allowed,
    Offline,
}

impl Network {
    pub(crate) fn from_flag(offline: bool) -> Self {
        if offline { Self::Offline } else { Self::Allowed }
    }
}

/// Builds the native binary and the Envoy filter, packs the filter as an image, and builds the JavaScript side.
pub(crate) fn build(network: Network) -> Result<(), Failure> {
    targets::ensure(targets::ENVOY_FILTER)?;
    if network == Network::Allowed {
        // All of the lock file at once, so that every later build works without a network.
        run(cargo(&["fetch", "--locked"]), "fetching the dependencies")?;
    }
    build_one(&["--release", "--package", "edgelatch"], network)?;
    let filter = ["--package", "edgelatch-envoy", "--profile", "wasm", "--target"];
    build_one(&[&filter[..], &[targets::ENVOY_FILTER]].concat(), network)?;

    let target = paths::target();
    fs::create_dir_all(paths::dist()).map_err(Failure::file("create", &paths::dist()))?;
    install(&target.join("release/edgelatch"), &paths::program())?;
    let built = target.join(targets::ENVOY_FILTER).join("wasm/edgelatch_envoy.wasm");
    let lean = built.with_extension("lean.wasm");
    shrink(&built, &lean, network)?;
    install(&lean, &paths::filter())?;
    image::pack()?;
    www::build(network)
}

/// Builds the filter that breaks on demand; it never gets into `dist`.
pub(crate) fn build_trapping_filter() -> Result<(), Failure> {
    let filter = ["--package", "edgelatch-envoy", "--features", "forced-trap", "--profile", "trap"];
    build_one(&[&filter[..], &["--target", targets::ENVOY_FILTER]].concat(), Network::Allowed)?;
    let trapping = paths::trapping_filter();
    entries::choose(&trapping.with_file_name("edgelatch_envoy.wasm"), &trapping)
}

/// Builds the core that the tests run in an engine of their own; it never gets into `dist`.
pub(crate) fn build_wasm_core() -> Result<(), Failure> {
    let core = ["--package", "edgelatch-test-wasm-core", "--profile", "wasm"];
    build_one(&[&core[..], &["--target", targets::ENVOY_FILTER]].concat(), Network::Allowed)
}

/// Builds the filters that decide nothing, for the bench; with the exports of ours, so that Envoy enters all as often.
pub(crate) fn build_bare_filters() -> Result<(), Failure> {
    let packages = ["--package", "edgelatch-empty-filter", "--package", "edgelatch-asking-filter"];
    let profile = ["--profile", "wasm", "--target", targets::ENVOY_FILTER];
    build_one(&[packages, profile].concat(), Network::Allowed)?;
    for lean in [paths::empty_filter(), paths::asking_filter()] {
        shrink(&lean.with_extension("").with_extension("wasm"), &lean, Network::Allowed)?;
    }
    Ok(())
}

/// Builds ES256 by another's code as the core for JavaScript is built, for the bench.
pub(crate) fn build_plain_p256() -> Result<(), Failure> {
    targets::ensure(targets::JAVASCRIPT)?;
    let plain = ["--package", "edgelatch-plain-p256", "--profile", "www", "--target"];
    build_one(&[&plain[..], &[targets::JAVASCRIPT]].concat(), Network::Allowed)?;
    let lean = paths::plain_p256();
    let built = lean.with_file_name("edgelatch_plain_p256.wasm");
    www::optimise(&built, &lean, Network::Allowed)
}

pub(crate) fn build_one(arguments: &[&str], network: Network) -> Result<(), Failure> {
    say(&format!("cargo build {}", arguments.join(" ")));
    let mut command = cargo(&["build", "--locked"]);
    command.args(arguments);
    for setting in targets::without_local_paths() {
        command.arg("--config").arg(setting);
    }
    if network == Network::Offline {
        command.arg("--offline");
    }
    run(command, "the build")
}

/// Copies by a rename, since the old file may be running.
fn install(built: &Path, place: &Path) -> Result<(), Failure> {
    let fresh = place.with_extension("new");
    let size = fs::copy(built, &fresh).map_err(Failure::file("copy", built))?;
    fs::rename(&fresh, place).map_err(Failure::file("replace", place))?;
    let shown = place.strip_prefix(paths::root()).unwrap_or(place);
    say(&format!("{} ({} KiB)", shown.display(), size / 1024));
    Ok(())
}
