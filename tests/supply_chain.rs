//! What others wrote and we build: where it comes from, under which licence, and what must not be among it.
//!
//! Advisories are left to whoever runs this later (`cargo audit`): they come from a database that changes, and a new one
//! must not fail an old commit.

#![cfg(test)]

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use edgelatch_tests::lab;
use spdx::{Expression, LicenseReq, ParseMode};

#[test]
fn every_dependency_has_a_licence_that_fits() {
    for Package { name, licence, .. } in packages() {
        let is_glue = EXCEPTIONS.contains(&(name.as_str(), licence.as_str()));
        assert!(is_glue || fits(&licence), "{name}: may we use it under `{licence}`?");
    }
}

#[test]
fn every_exception_is_still_needed() {
    let packages = packages();
    for (name, licence) in EXCEPTIONS {
        let is_it = |package: &Package| package.name == name && package.licence == licence;
        assert!(packages.iter().any(is_it), "{name} under `{licence}` is no longer there");
    }
}

#[test]
fn every_dependency_comes_from_the_registry() {
    let root = lab::repository().display().to_string();
    for Package { name, place, .. } in packages() {
        // What comes from the registry has no place beside its version.
        let is_ours = place.as_ref().is_some_and(|place| place.starts_with(&root));
        assert!(place.is_none() || is_ours, "{name} comes from {place:?}");
    }
}

#[test]
fn what_we_want_to_be_rid_of_is_not_built() {
    for Package { name, .. } in packages() {
        let unwanted = UNWANTED.iter().find(|(unwanted, _)| *unwanted == name);
        assert_eq!(unwanted, None);
    }
}

#[test]
fn licences_are_read_as_they_are_meant() {
    for fine in ["MIT/Apache-2.0", "Apache-2.0 WITH LLVM-exception", "LGPL-2.1-or-later OR MIT"] {
        assert!(fits(fine), "{fine}");
    }
    for bad in ["", "GPL-3.0-only", "MIT AND LGPL-2.1-or-later", "Apache-2.0 WITH GPL-CC-1.0"] {
        assert!(!fits(bad), "{bad}");
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    /// Folder or address; none of what comes from the registry.
    place: Option<String>,
    licence: String,
}

/// All that is built here, for this machine and for the hosts of the core.
fn packages() -> BTreeSet<Package> {
    let mut packages = BTreeSet::new();
    for target in ["", "wasm32-wasip1", "wasm32-unknown-unknown"] {
        packages.extend(tree(target).lines().filter_map(read));
    }
    // A tree that could not be read has nothing wrong with it.
    assert!(packages.len() > 300, "only {} packages", packages.len());
    packages
}

fn tree(target: &str) -> String {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(lab::repository());
    cargo.args(["tree", "--locked", "--workspace", "--all-features", "--prefix", "none"]);
    cargo.args(["--edges", "normal,build,dev", "--format", "{p}|{l}"]);
    if !target.is_empty() {
        cargo.args(["--target", target]);
    }
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A line such as `name v1.0.0 (proc-macro)|MIT (*)`.
fn read(line: &str) -> Option<Package> {
    let (package, licence) = line.split_once('|')?;
    let mut parts = package.split(" (");
    let name = parts.next()?.split(' ').next()?.to_owned();
    let place =
        parts.map(|part| part.trim_end_matches(')').to_owned()).find(|part| part != "proc-macro");
    Some(Package { name, place, licence: licence.trim_end_matches(" (*)").to_owned() })
}

fn fits(licence: &str) -> bool {
    let is_allowed = |required: &LicenseReq| ALLOWED.contains(&required.to_string().as_str());
    Expression::parse_mode(licence, ParseMode::LAX)
        .is_ok_and(|expression| expression.evaluate(is_allowed))
}

/// None of them asks anything of who uses our programs but to keep the notice.
const ALLOWED: [&str; 10] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

/// Of tests only, and nothing of them ships.
const EXCEPTIONS: [(&str, &str); 1] = [("libfuzzer-sys", "(MIT OR Apache-2.0) AND NCSA")];

const UNWANTED: [(&str, &str); 2] = [
    ("openssl-sys", "TLS is rustls; a C library of each system is what we want to be rid of"),
    ("ring", "one native crypto library is enough: aws-lc-rs"),
];
