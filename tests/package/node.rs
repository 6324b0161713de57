//! Scripts that use the package as it is packed.

use std::process::Command;

use edgelatch_tests::lab::{npm_package, repository, run};

/// Runs one of the scripts in this folder; what it prints.
pub(crate) fn script(arguments: &[&str], name: &str, more: &[&str]) -> String {
    let mut node = Command::new("node");
    node.args(arguments).arg(repository().join("tests/package").join(name)).args(more);
    node.env("EDGELATCH_PACKAGE_ENTRY", npm_package().unwrap().join("dist/inline.js"));
    node.env("NODE_MODULES", repository().join("www/node_modules"));
    run(node).unwrap()
}
