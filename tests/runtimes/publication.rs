//! What others check of a package before it is published.

use std::fs;
use std::process::Command;

use edgelatch_tests::lab;
use serde_json::Value;

use super::installed::{Installed, tarball};
use super::programs::script;

#[test]
fn the_manifest_is_right_for_every_bundler() {
    let mut publint = script("publint/src/cli.js");
    publint.args(["run", "--strict", "--level", "suggestion"]).arg(tarball());
    let said = lab::run(publint).unwrap();
    assert!(said.contains("All good!"), "{said}");
}

/// The package is for `import`; Node.js takes it by `require` as well.
#[test]
fn types_are_found_wherever_the_code_is() {
    let mut attw = script("@arethetypeswrong/cli/dist/index.js");
    attw.arg(tarball()).args(["--profile", "esm-only", "--no-color", "--no-emoji"]);
    let said = lab::run(attw).unwrap();
    for entry in
        ["edgelatch", "edgelatch/slim", "edgelatch/hono", "edgelatch/express", "edgelatch/fastify"]
    {
        assert!(said.contains(&format!("\"{entry}\"")), "{said}");
    }
}

#[test]
fn brings_nothing_else_along_and_runs_nothing_when_installed() {
    let installed = Installed::bare();
    let package = installed.path().join("node_modules/edgelatch");
    let manifest: Value =
        serde_json::from_slice(&fs::read(package.join("package.json")).unwrap()).unwrap();
    for member in ["dependencies", "optionalDependencies", "peerDependencies", "scripts", "private"]
    {
        assert!(manifest.get(member).is_none(), "{member}");
    }
    let beside: Vec<_> =
        fs::read_dir(installed.path().join("node_modules")).unwrap().flatten().collect();
    let names: Vec<_> = beside.iter().map(fs::DirEntry::file_name).collect();
    assert_eq!(
        names.iter().filter(|name| !name.to_string_lossy().starts_with('.')).count(),
        1,
        "{names:?}"
    );
    let mut top: Vec<_> =
        fs::read_dir(package).unwrap().flatten().map(|entry| entry.file_name()).collect();
    top.sort();
    assert_eq!(top, ["LICENSE", "README.md", "dist", "package.json"]);
}

#[test]
fn is_small_enough_to_start_with() {
    let mut node = Command::new("node");
    node.arg(lab::repository().join("www/size.mjs"));
    let said = lab::run(node).unwrap();
    let total = said.strip_prefix("in a Worker: ").and_then(|text| text.split(' ').next());
    let total: f64 = total.and_then(|text| text.parse().ok()).expect(&said);
    println!("package: {}", said.trim());
    assert!(total <= LARGEST_KIB, "{said}");
}

/// By brotli, core and JavaScript together.
const LARGEST_KIB: f64 = 175.0;
