//! What others wrote and we build: where it comes from, under which licence, and what must not be among it.
//!
//! Advisories are left to whoever runs this later (`cargo audit`): they come from a database that changes, and a new one
//! must not fail an old commit.

#![cfg(test)]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use edgelatch_tests::lab;
use spdx::{Expression, LicenseReq, ParseMode};

#[test]
fn every_dependency_has_a_licence_that_fits() {
    for Package { name, licence, .. } in &*PACKAGES {
        let is_glue = EXCEPTIONS.contains(&(name.as_str(), licence.as_str()));
        assert!(is_glue || fits(licence), "{name}: may we use it under `{licence}`?");
    }
}

#[test]
fn every_exception_is_still_needed() {
    for (name, licence) in EXCEPTIONS {
        let is_it = |package: &Package| package.name == name && package.licence == licence;
        assert!(PACKAGES.iter().any(is_it), "{name} under `{licence}` is no longer there");
    }
}

#[test]
fn every_dependency_comes_from_the_registry() {
    let root = lab::repository().display().to_string();
    for Package { name, place, .. } in &*PACKAGES {
        // What comes from the registry has no place beside its version.
        let is_ours = place.as_ref().is_some_and(|place| place.starts_with(&root));
        assert!(place.is_none() || is_ours, "{name} comes from {place:?}");
    }
}

#[test]
fn what_we_want_to_be_rid_of_is_not_built() {
    for Package { name, .. } in &*PACKAGES {
        let unwanted = UNWANTED.iter().find(|(unwanted, _)| unwanted == name);
        assert_eq!(unwanted, None);
    }
}

#[test]
fn no_dependency_is_taken_in_any_version() {
    let ours = PACKAGES.iter().filter_map(|package| package.place.as_deref());
    let manifests = ours.map(|folder| format!("{folder}/Cargo.toml"));
    let root = lab::repository().join("Cargo.toml").display().to_string();
    for manifest in manifests.chain([root]) {
        let text = fs::read_to_string(&manifest).unwrap();
        let any = text.lines().find(|line| line.contains(r#"= "*""#));
        assert_eq!(any, None, "{manifest}");
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

/// All that is built, on whatever machine.
static PACKAGES: LazyLock<BTreeSet<Package>> = LazyLock::new(|| {
    let packages: BTreeSet<Package> = tree().lines().filter_map(read).collect();
    // A tree that could not be read has nothing wrong with it.
    assert!(packages.len() > 300, "only {} packages", packages.len());
    packages
});

fn tree() -> String {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(lab::repository());
    cargo.args(["tree", "--locked", "--workspace", "--all-features", "--target", "all"]);
    cargo.args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}|{l}"]);
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
