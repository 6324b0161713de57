//! The whole corpus in every runtime, with the verdicts of the native engine.

use std::sync::LazyLock;

use edgelatch_tests::corpus::{Expanded, load, run};
use serde_json::json;

use super::installed::Installed;
use super::replayed::{Replay, Replayed};
use super::runtime::Runtime;

#[test]
fn decides_every_case_in_workerd() {
    decide("workerd", Runtime::Workerd("2026-11-17"));
}

/// Before this date, an object that is forgotten is not cleaned up.
#[test]
fn decides_every_case_in_workerd_as_it_was_in_2025() {
    decide("workerd of 2025", Runtime::Workerd("2025-05-04"));
}

#[test]
fn decides_every_case_in_node() {
    decide("node", Runtime::Node);
}

#[test]
fn decides_every_case_in_deno() {
    decide("deno", Runtime::Deno);
}

#[test]
fn decides_every_case_in_bun() {
    decide("bun", Runtime::Bun);
}

#[test]
fn decides_every_case_in_chromium() {
    decide("chromium", Runtime::Chromium);
}

/// In both forms that a request can have, and with either way of checking signatures.
fn decide(name: &str, runtime: Runtime) {
    let installed = Installed::with_job("replay.js", &["facts.js", "request.js", "text.js"]);
    let all = play(&installed, runtime, "facts", "webcrypto");
    println!("corpus: {name} {} cases", all.cases);
    assert_eq!(all.cases, CORPUS.cases.len());
    assert!(all.verifications > 100, "WebCrypto was asked {} times", all.verifications);

    let in_wasm = play(&installed, runtime, "facts", "wasm");
    println!("corpus: {name}, signatures in wasm, {} cases", in_wasm.cases);
    assert_eq!((in_wasm.cases, in_wasm.verifications), (all.cases, 0));

    let requests = play(&installed, runtime, "request", "webcrypto");
    println!("corpus: {name}, as a Request, {} cases", requests.cases);
    assert!(requests.cases > 500, "only {} cases", requests.cases);
}

struct Played {
    cases: usize,
    verifications: usize,
}

fn play(installed: &Installed, runtime: Runtime, form: &str, crypto: &str) -> Played {
    let mut corpus = CORPUS.clone();
    let input = json!({ "corpus": corpus, "form": form, "crypto": crypto }).to_string();
    let output = runtime.run(installed, &input);
    let replay: Replay =
        serde_json::from_str(&output).unwrap_or_else(|error| panic!("{error}: {output:.300}"));
    let verifications = replay.verifications;
    let mut host = Replayed::new(&mut corpus, replay);
    let report = run(&corpus, &mut host);
    println!("{runtime:?} {form} {crypto}: {report}");
    assert!(report.allowed > 0 && report.denied > 0 && report.configurations > 0);
    assert!(report.failures().is_empty(), "{} differences", report.failures().len());
    Played { cases: report.cases, verifications }
}

/// All tokens are signed once for all tests.
static CORPUS: LazyLock<Expanded> = LazyLock::new(|| load().unwrap());
