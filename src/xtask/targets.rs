//! The Rust targets of the WebAssembly artefacts.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::Failure;
use crate::{paths, run};

/// What the Envoy filter is built for.
pub(crate) const ENVOY_FILTER: &str = "wasm32-wasip1";
/// What the JavaScript package is built for.
pub(crate) const JAVASCRIPT: &str = "wasm32-unknown-unknown";
/// A target without a standard library, for the proof that the core needs none.
pub(crate) const NO_STD: &str = "wasm32v1-none";

/// Makes sure that the compiler has a target, and adds it if not.
pub(crate) fn ensure(target: &str) -> Result<(), Failure> {
    if is_installed(target) {
        return Ok(());
    }
    run::say(&format!("adding the Rust target {target}"));
    if !run::works(rustup(&["--version"])) {
        return Err(Failure::Missing {
            program: "rustup",
            needed_for: "to add a Rust target",
            install: "see https://rustup.rs, or install the target by the means of your system",
        });
    }
    run::run(rustup(&["target", "add", target]), &format!("`rustup target add {target}`"))
}

/// The triple of this machine.
pub(crate) fn host() -> Result<String, Failure> {
    let mut rustc = run::command("rustc");
    rustc.arg("-vV");
    let output = rustc.output().map_err(Failure::file("start", "rustc".as_ref()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::step("`rustc -vV`"))
}

/// Settings of cargo that keep the folders of this machine out of what is built for Envoy and for JavaScript: they are
/// nothing to others, and the same source gives the same file anywhere.
pub(crate) fn without_local_paths() -> [String; 2] {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let folders = home.map(|home| home.join("registry/src")).into_iter().chain([paths::root()]);
    let flags: Vec<String> =
        folders.map(|folder| format!("--remap-path-prefix={}=", folder.display())).collect();
    // A list of texts is the same in JSON and in TOML.
    [ENVOY_FILTER, JAVASCRIPT].map(|target| format!("target.{target}.rustflags={}", json!(flags)))
}

/// Asks the compiler itself, so that it works for a Rust that did not come by rustup.
fn is_installed(target: &str) -> bool {
    let mut rustc = run::command("rustc");
    rustc.args(["--print", "target-libdir", "--target", target]);
    let Ok(output) = rustc.output() else { return false };
    Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
}

fn rustup(arguments: &[&str]) -> Command {
    let mut rustup = run::command("rustup");
    rustup.args(arguments);
    rustup
}
