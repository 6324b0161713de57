//! The tokens and key sets of the JOSE files in every host.

use std::collections::{BTreeMap, BTreeSet};

use edgelatch_core::Algorithm;
use serde_json::{Value, json};

use super::all_but::all_but;
use super::edge::{Edge, EnvoyEdge, WasmEdge};
use super::exceptions::{WITHOUT_PAYLOAD, WRONG_LABELS};
use super::jose::File;
use super::policies::{Planned, plan, policy};
use super::tokens::{Tally, ask_again, ask_natively, histogram, judge};
use super::vectors::Label;
use super::verifier::{InWasm, Native, Verifier};

#[test]
fn every_token_has_its_verdict_natively() {
    let plan = plan();
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    for code in plan.iter().filter_map(|planned| planned.refused.as_deref()) {
        *refused.entry(code).or_default() += 1;
    }
    println!("wycheproof: native keys of {} groups, refused: {refused:?}", plan.len());
    let verdicts = ask_natively(&plan);
    for file in File::ALL {
        let tally = judge(&plan, &verdicts, file);
        let of_file: Vec<_> =
            verdicts.iter().filter(|verdict| verdict.file == file).cloned().collect();
        println!("wycheproof: native {} {} tokens: {tally}", file.name(), of_file.len());
        println!("wycheproof: native {}: {}", file.name(), histogram(&of_file));
        assert_eq!(tally, expected(file), "{}", file.name());
    }
}

/// All 401 signed tokens: 40 valid and 353 invalid ones, and 8 whose label is wrong.
fn expected(file: File) -> Tally {
    let none = Tally::default();
    match file {
        File::Signature => Tally {
            accepted: 26,
            refused: 353,
            not_for_an_edge: 8,
            without_payload: 6,
            wrong_labels: 8,
        },
        File::Key => Tally { accepted: 1, refused: 21, not_for_an_edge: 4, ..none },
        File::Crypto => Tally { accepted: 2, refused: 77, not_for_an_edge: 4, ..none },
        File::Encryption => Tally { refused: 74, not_for_an_edge: 65, ..none },
    }
}

#[test]
fn every_token_has_the_same_verdict_in_webassembly() {
    let plan = plan();
    let verdicts = ask_natively(&plan);
    let verdicts = ask_again(&plan, &verdicts, &mut WasmEdge::start());
    println!("wycheproof: wasm {} tokens: {}", verdicts.len(), histogram(&verdicts));
}

/// Where Envoy's BoringSSL checks ES256 and RSA signatures.
#[test]
fn every_token_has_the_same_verdict_in_envoy_with_its_crypto() {
    check_in_envoy("with its crypto", json!({}), &["ES256", "RS256", "RS384", "RS512"]);
}

/// Where the filter checks all of them.
#[test]
fn every_token_has_the_same_verdict_in_envoy_without_its_crypto() {
    check_in_envoy("without its crypto", all_but("proxy_call_foreign_function"), &[]);
}

fn check_in_envoy(name: &str, plugin: Value, on_host: &[&str]) {
    let plan = plan();
    let verdicts = ask_natively(&plan);
    let policies: BTreeSet<_> = plan.iter().map(|planned| planned.policy.clone()).collect();
    let policies = policies.into_iter().map(|policy| (policy, BTreeMap::new())).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut edge = EnvoyEdge::start(policies, folder.path(), plugin);
    let verdicts = ask_again(&plan, &verdicts, &mut edge);
    assert_eq!(edge.on_host(), on_host.iter().map(|&name| name.to_owned()).collect());
    println!("wycheproof: envoy {name} {} tokens: {}", verdicts.len(), histogram(&verdicts));
    edge.check_no_trap();
}

/// What is refused for its form is not refused for its signature.
#[test]
fn signatures_over_nothing_are_valid_natively_and_in_webassembly() {
    check_without_payload(&mut Native::default());
    check_without_payload(&mut InWasm::start());
}

fn check_without_payload(verifier: &mut impl Verifier) {
    let ids: Vec<usize> = WITHOUT_PAYLOAD.iter().flat_map(|row| row.ids).copied().collect();
    let mut accepted = 0;
    for planned in plan().iter().filter(|planned| planned.file == File::Signature) {
        for token in planned.group.tokens.iter().filter(|token| ids.contains(&token.id)) {
            verifier.load(&json!({ "keys": planned.group.keys() }), &Algorithm::ALL).unwrap();
            let text = token.text();
            let (message, signature) = text.rsplit_once('.').unwrap();
            let signature = super::file::unbase64(signature);
            assert!(verifier.verify(message.as_bytes(), &signature), "{}", token.id);
            assert!(!verifier.verify(&message.as_bytes()[1..], &signature), "{}", token.id);
            accepted += 1;
        }
    }
    assert_eq!(accepted, ids.len());
}

/// The labels are still the wrong ones.
#[test]
fn the_eight_wrong_labels_are_wrong() {
    let plan = plan();
    let tokens = plan.iter().filter(|planned| planned.file == File::Signature);
    let tokens: BTreeMap<_, _> = tokens
        .flat_map(|planned| &planned.group.tokens)
        .map(|token| (token.id, (token.label, token.text())))
        .collect();
    for row in WRONG_LABELS {
        for id in row.ids {
            let (label, text) = &tokens[id];
            let is_wrong = match label {
                Label::Valid => true,
                // What is valid once is valid twice.
                _ => *text == tokens[&357].1 && tokens[&357].0 == Label::Valid,
            };
            assert!(is_wrong, "{id} is labelled {label:?}: {}", row.because);
        }
    }
}

/// The sets of the key file: bad ones are refused as a whole when they are loaded.
#[test]
fn every_bad_key_set_is_refused_natively_and_in_webassembly() {
    check_key_sets("native", &mut Native::default());
    check_key_sets("wasm", &mut InWasm::start());
}

fn check_key_sets(host: &str, verifier: &mut impl Verifier) {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut loaded = 0;
    for planned in plan().iter().filter(|planned| planned.file == File::Key) {
        let verdict = verifier.load(&json!({ "keys": planned.group.keys() }), &Algorithm::ALL);
        for token in &planned.group.tokens {
            match (&verdict, token.label) {
                (Err(code), Label::Invalid) => *reasons.entry(code.clone()).or_default() += 1,
                (Err(code), _) => assert_eq!(code, "jwks.symmetric", "{}", token.id),
                (Ok(()), Label::Valid) => loaded += 1,
                (Ok(()), _) => panic!("{} is loaded", token.id),
            }
        }
    }
    let refused: usize = reasons.values().sum();
    println!("wycheproof: {host} {refused} of 21 bad key sets refused: {reasons:?}");
    assert_eq!((refused, loaded), (21, 1));
}

/// The same sets, published by an issuer: where a set is refused there is no key, and nobody is judged.
#[test]
fn every_bad_key_set_is_refused_in_envoy() {
    let sets: Vec<Planned> =
        plan().into_iter().filter(|planned| planned.file == File::Key).collect();
    let policies: Vec<_> = sets.iter().enumerate().map(publish).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut edge = EnvoyEdge::start(policies.clone(), folder.path(), json!({}));
    let (mut refused, mut loaded) = (0, 0);
    for (planned, (policy, _)) in sets.iter().zip(&policies) {
        edge.begin(policy);
        // Or the request would wait in vain for another try of the fetch.
        edge.wait_seconds(60);
        match edge.ask(PROBE).as_str() {
            "jwks.none" => refused += planned.group.tokens.len(),
            "key.unknown" => loaded += planned.group.tokens.len(),
            reason => panic!("{reason}: {policy}"),
        }
    }
    println!("wycheproof: envoy {refused} fetched key sets refused, {loaded} loaded");
    // The 21 bad ones and four of shared secrets.
    assert_eq!((refused, loaded), (25, 1));
    edge.check_no_trap();
}

fn publish((index, planned): (usize, &Planned)) -> (String, BTreeMap<String, Value>) {
    let path = format!("/{index}.json");
    let uri = format!("http://127.0.0.1:9{path}");
    let policy = policy(&json!({ "jwks_uri": uri, "envoy_cluster": "keys" }));
    (policy, BTreeMap::from([(path, json!({ "keys": planned.group.keys() }))]))
}

/// `{"alg":"ES256","kid":"probe"}` and `{"iss":"https://issuer.example.com"}`: a token of a key that is in no set.
const PROBE: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6InByb2JlIn0.\
    eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlLmNvbSJ9.\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
