//! The tests that are written in JavaScript.

use std::process::Command;

use edgelatch_tests::lab::{npm_package, repository, run};

use super::certificates;
use super::ground::Ground;

#[test]
fn the_token_source_keeps_its_promises() {
    let output = node_test(&["token_source.test.mjs", "token_source_fetch.test.mjs"], &[]);
    check(&output, 19);
}

#[test]
fn the_token_source_gets_tokens_from_the_real_issuer() {
    let ground = Ground::set_up();
    let environment = [
        ("ISSUER", ground.url.as_str()),
        ("CLIENT_ID", &ground.client.client_id),
        ("CLIENT_SECRET", &ground.client.client_secret),
    ];
    check(&node_test(&["real_issuer.test.mjs"], &environment), 2);
    assert_eq!(ground.front.count("/oauth2/token"), 2);
}

#[test]
fn the_adapters_guard_real_servers() {
    let folder = tempfile::tempdir().unwrap();
    certificates::write(folder.path());
    let environment = [("CERTIFICATES", folder.path().to_str().unwrap())];
    check(&node_test(&["adapters.test.mjs"], &environment), 17);
}

fn node_test(files: &[&str], environment: &[(&str, &str)]) -> String {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap"]);
    node.args(files.iter().map(|file| repository().join("tests/worker").join(file)));
    node.env("EDGELATCH_PACKAGE_ENTRY", npm_package().unwrap().join("dist/inline.js"));
    node.env("NODE_MODULES", repository().join("www/node_modules"));
    node.envs(environment.iter().copied());
    let output = run(node).unwrap();
    println!("{}: {} tests", files.join(", "), count(&output, "# pass "));
    output
}

/// A file without tests passes as well.
fn check(output: &str, least: usize) {
    assert!(count(output, "# pass ") >= least, "{output}");
    for name in ["# fail ", "# cancelled ", "# skipped ", "# todo "] {
        assert_eq!(count(output, name), 0, "{output}");
    }
}

fn count(output: &str, name: &str) -> usize {
    let line = output.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().parse().unwrap()
}
