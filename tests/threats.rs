//! The threat list, line by line: which case of the corpus or which test proves that the filter in a real Envoy does
//! the right thing.
//!
//! `threats.json` names them. A name that does not exist fails here, and so does a line that has neither a proof nor a
//! reason why it is still open.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use edgelatch_tests::corpus::{THREATS, load};
use edgelatch_tests::lab;
use serde::Deserialize;
use serde_json::Value;

/// The sections beyond those of the corpus: fetching keys, revocation, the host.
const SECTIONS: [(char, usize); 3] = [('J', 9), ('R', 6), ('W', 10)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    proven: BTreeMap<String, Proof>,
    /// Why there is no proof yet.
    open: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    /// Names of cases; all of them run in a real Envoy (`corpus_envoy.rs`).
    #[serde(default)]
    cases: Vec<String>,
    /// `file: name of the test`.
    #[serde(default)]
    tests: Vec<String>,
}

#[test]
fn every_line_is_proven_or_said_to_be_open() {
    let table = table();
    let lines = lines();
    let proven: BTreeSet<String> = table.proven.keys().cloned().collect();
    let open: BTreeSet<String> = table.open.keys().cloned().collect();
    assert_eq!(proven.intersection(&open).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(proven.union(&open).cloned().collect::<BTreeSet<_>>(), lines);
    for (line, why) in &table.open {
        println!("open: {line}, {why}");
    }
    println!("threats: {} of {} lines proven", proven.len(), lines.len());
}

#[test]
fn every_proof_exists() {
    let corpus = load().unwrap();
    let cases: BTreeSet<&str> = corpus.cases.iter().map(|case| case.name.as_str()).collect();
    for (line, proof) in table().proven {
        assert!(!proof.cases.is_empty() || !proof.tests.is_empty(), "{line} has no proof");
        for case in &proof.cases {
            assert!(cases.contains(case.as_str()), "{line}: no case is called `{case}`");
        }
        for test in &proof.tests {
            let (file, name) = test.split_once(": ").unwrap();
            assert!(is_test(file, name), "{line}: there is no test {name} in {file}");
        }
    }
}

/// W09: `arbitrary_precision` of `serde_json` would read numbers as texts, and any crate could switch it on for all.
#[test]
fn numbers_are_read_as_numbers_whatever_features_other_crates_switch_on() {
    assert!(serde_json::from_str::<Value>("1e400").is_err());
    let number: Value = serde_json::from_str("1.50").unwrap();
    assert_eq!(number.to_string(), "1.5");
}

#[test]
fn finds_tests_and_nothing_else() {
    assert!(is_test("tests/threats.rs", "finds_tests_and_nothing_else"));
    assert!(!is_test("tests/threats.rs", "is_test"));
    assert!(!is_test("tests/absent.rs", "finds_tests_and_nothing_else"));
}

fn table() -> Table {
    serde_json::from_str(include_str!("threats.json")).unwrap()
}

fn lines() -> BTreeSet<String> {
    let sections = THREATS.iter().chain(&SECTIONS);
    sections
        .flat_map(|(section, lines)| (1..=*lines).map(move |line| format!("{section}{line:02}")))
        .collect()
}

/// Whether the file has such a function right behind the attribute.
fn is_test(file: &str, name: &str) -> bool {
    let text = fs::read_to_string(lab::repository().join(file)).unwrap_or_default();
    let signature = format!("fn {name}()");
    let mut tests = text.split("#[test]").skip(1);
    tests.any(|test| test.trim_start().starts_with(&signature))
}
