//! Binaryen's tools for WebAssembly, from npm at a pinned hash.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use crate::Failure;
use crate::paths;
use crate::run::{command, run, say};

/// A command that runs one of the tools, such as `wasm-opt`; they are fetched once.
pub(crate) fn tool(name: &str) -> Result<Command, Failure> {
    let program = ensure()?.join(name);
    let mut node = command("node");
    node.arg(program);
    Ok(node)
}

fn ensure() -> Result<PathBuf, Failure> {
    let folder = paths::cache().join(format!("binaryen-{VERSION}"));
    let programs = folder.join("node_modules/binaryen/bin");
    if programs.is_dir() {
        return Ok(programs);
    }
    check_npm()?;
    say(&format!("fetching Binaryen {VERSION} (40 MiB) into {}", folder.display()));
    fs::create_dir_all(&folder).map_err(Failure::file("create", &folder))?;
    for (name, content) in [("package.json", PACKAGE), ("package-lock.json", LOCK)] {
        let path = folder.join(name);
        fs::write(&path, content).map_err(Failure::file("write", &path))?;
    }
    let mut npm = command("npm");
    npm.args(["ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]);
    npm.arg(&folder);
    run(npm, "fetching Binaryen by npm")?;
    Ok(programs)
}

fn check_npm() -> Result<(), Failure> {
    match command("npm").arg("--version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::Missing {
            program: "npm",
            needed_for: "to fetch Binaryen, which makes the filter small",
            install: "install Node.js 20 or later, from https://nodejs.org or by the means of your system",
        }),
        _ => Ok(()),
    }
}

const VERSION: &str = "132.0.0";
const PACKAGE: &str = include_str!("binaryen/package.json");
/// With the hash that npm checks.
const LOCK: &str = include_str!("binaryen/package-lock.json");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_locked_one() {
        for text in [PACKAGE, LOCK] {
            assert!(text.contains(&format!("\"{VERSION}\"")), "{text}");
        }
    }
}
