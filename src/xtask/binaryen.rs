//! Binaryen's tools for WebAssembly, from npm at a pinned hash.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::Failure;
use crate::artifacts::Network;
use crate::run::{command, say};
use crate::{npm, paths};

/// A command that runs one of the tools, such as `wasm-opt`; they are fetched once.
pub(crate) fn tool(name: &str, network: Network) -> Result<Command, Failure> {
    let program = ensure(network)?.join("node_modules/binaryen/bin").join(name);
    let mut node = command("node");
    node.arg(program);
    Ok(node)
}

fn ensure(network: Network) -> Result<PathBuf, Failure> {
    let place = paths::cache().join(format!("binaryen-{VERSION}"));
    if place.is_dir() {
        return Ok(place);
    }
    say(&format!("fetching Binaryen {VERSION} (40 MiB) into {}", place.display()));
    // Only a whole folder gets the name that is looked for.
    let folder = paths::cache().join(format!("binaryen-{VERSION}.part"));
    fs::create_dir_all(&folder).map_err(Failure::file("create", &folder))?;
    for (name, content) in [("package.json", PACKAGE), ("package-lock.json", LOCK)] {
        let path = folder.join(name);
        fs::write(&path, content).map_err(Failure::file("write", &path))?;
    }
    npm::ci(&folder, &[], "Binaryen", network)?;
    fs::rename(&folder, &place).map_err(Failure::file("name", &place))?;
    Ok(place)
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
