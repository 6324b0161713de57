//! The package, installed from its tarball by a program that knows nothing else of this repository.

use std::fs;
use std::process::Command;

use edgelatch_tests::corpus::{Exchange, Expanded, Trial, load};
use edgelatch_tests::lab;
use serde_json::{Value, json};

use super::installed::Installed;
use super::programs::{answer, bundle};
use super::runtime::Runtime;

#[test]
fn works_in_workerd() {
    check(Runtime::Workerd("2026-11-17"));
}

#[test]
fn works_in_node() {
    check(Runtime::Node);
}

#[test]
fn works_in_deno_without_any_permission() {
    check(Runtime::Deno);
}

#[test]
fn works_in_bun() {
    check(Runtime::Bun);
}

#[test]
fn works_in_a_page_under_a_strict_policy() {
    check(Runtime::Chromium);
}

/// The folder is left behind when a bundle is deployed.
#[test]
fn works_in_a_bundle_for_node_by_itself() {
    let installed = with_smoke();
    let bundled = bundle(installed.path(), "stdin.js", "bundle.mjs", &["--platform=node"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let alone = elsewhere.path().join("bundle.mjs");
    fs::copy(bundled, &alone).unwrap();
    let mut node = Command::new("node");
    node.current_dir(elsewhere.path()).arg(alone);
    judge(&answer(node, &input()));
}

#[test]
fn works_from_a_program_that_requires_it() {
    let installed = Installed::bare();
    let script = "console.log(typeof require('edgelatch').createGuard)";
    assert_eq!(node(&installed, &["--input-type=commonjs", "--eval", script]), "function\n");
}

#[test]
fn works_with_a_module_that_the_program_brings() {
    let installed = Installed::bare();
    let printed = node(&installed, &["--input-type=module", "--eval", SLIM]);
    assert_eq!(printed, "ERR_OPTIONS before\nERR_POLICY after\n");
}

/// Its bundlers find the compiled module under another name.
#[test]
fn can_be_bundled_for_an_edge_light_runtime() {
    let installed = Installed::bare();
    fs::write(installed.path().join("edge.js"), "export { createGuard } from 'edgelatch';\n")
        .unwrap();
    let arguments = ["--conditions=edge-light", "--external:*.wasm?module"];
    let bundled =
        fs::read_to_string(bundle(installed.path(), "edge.js", "out.js", &arguments)).unwrap();
    assert!(bundled.contains("core_bg.wasm?module\""), "{bundled:.500}");
}

fn check(runtime: Runtime) {
    let installed = with_smoke();
    judge(&runtime.run(&installed, &input()));
}

fn with_smoke() -> Installed {
    Installed::with_job("smoke.js", &["facts.js", "text.js"])
}

fn judge(output: &str) {
    let said: Value = serde_json::from_str(output).unwrap();
    let complaint = json!({ "name": "EdgelatchError", "code": "ERR_POLICY", "path": "routes" });
    let expected = json!({
        "admitted": "billing",
        "refused": "clm.exp",
        "verified": "billing",
        "verified_at_once": "billing",
        "complaint": complaint,
        "adapters": ["function", "function", "function"],
        "forwarded": [],
        "instances": 1,
    });
    assert_eq!(said, expected);
}

/// A policy of the corpus with a request that is admitted and one whose token has expired.
fn input() -> String {
    let corpus = load().unwrap();
    let (policy, refused) =
        find(&corpus, None, |exchange| exchange.expect.reason.as_deref() == Some("clm.exp"));
    let (_, admitted) = find(&corpus, Some(policy), |exchange| {
        let is_plain = exchange.headers.iter().map(|(name, _)| name.as_str()).eq(["authorization"]);
        exchange.expect.status == 200 && exchange.expect.would_deny.is_none() && is_plain
    });
    json!({ "policy": corpus.policies.get(policy), "admitted": admitted, "refused": refused })
        .to_string()
}

fn find<'a>(
    corpus: &'a Expanded,
    policy: Option<&str>,
    is_wanted: impl Fn(&Exchange) -> bool,
) -> (&'a str, &'a Exchange) {
    let mut cases =
        corpus.cases.iter().filter(|case| policy.is_none_or(|name| case.policy == name));
    let found = cases.find_map(|case| match &case.trial {
        Trial::Requests(exchanges) => {
            Some((case.policy.as_str(), exchanges.first().filter(|exchange| is_wanted(exchange))?))
        }
        Trial::Configuration(_) => None,
    });
    found.expect("the corpus has such a case")
}

fn node(installed: &Installed, arguments: &[&str]) -> String {
    let mut node = Command::new("node");
    node.current_dir(installed.path()).args(arguments);
    lab::run(node).unwrap()
}

const SLIM: &str = r#"
import { readFileSync } from "node:fs";
import { createGuard, initialize } from "edgelatch/slim";

function complain(when) {
  try {
    createGuard({ routes: "none" });
  } catch ({ code }) {
    console.log(code, when);
  }
}
complain("before");
initialize(readFileSync(new URL(import.meta.resolve("edgelatch/core_bg.wasm"))));
complain("after");
"#;
