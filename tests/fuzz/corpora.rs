//! The checked-in inputs, without libFuzzer: what a target once noticed, it notices again.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use edgelatch_fuzz::{Target, Verdict, tokens};
use edgelatch_tests::minting::{Keys, Token};
use serde::Deserialize;

#[test]
fn every_input_of_every_corpus_keeps_its_promises() {
    for target in Target::ALL {
        let inputs = inputs(target);
        assert!(inputs.len() >= 20, "{} has only {} inputs", target.name(), inputs.len());
        let mut accepted = 0;
        for input in &inputs {
            println!("{}", input.display());
            accepted += usize::from(target.run(&fs::read(input).unwrap()) == Verdict::Accepted);
        }
        // A corpus that reaches only refusals, or none, would try half of the core.
        assert!((5..inputs.len()).contains(&accepted), "{}: {accepted} accepted", target.name());
    }
}

#[test]
fn corpora_are_small_and_named_by_their_content() {
    let mut total = 0;
    for input in Target::ALL.into_iter().flat_map(inputs) {
        let name = input.file_name().unwrap().to_str().unwrap();
        assert!(name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        total += fs::metadata(&input).unwrap().len();
    }
    assert!(total < 300 * 1024, "{total} bytes; minimise with `cargo xtask fuzz --minimise`");
}

/// The tokens that the ideal signer knows are those that the test keys sign.
#[test]
fn issued_tokens_are_signed_by_the_test_keys() {
    #[derive(Deserialize)]
    struct Entry {
        name: String,
        token: Token,
    }

    let file = fs::read_to_string(folder().join("issued.json")).unwrap();
    let entries: Vec<Entry> = serde_json::from_str(&file).unwrap();
    let keys = Keys::load().unwrap();
    let mut differs = Vec::new();
    for (entry, issued) in entries.iter().zip(tokens()) {
        let text = String::from_utf8(entry.token.mint(&keys).unwrap()).unwrap();
        if text != issued.text {
            differs.push(format!("{}: {text}", entry.name));
        }
    }
    assert!(entries.len() == tokens().len() && differs.is_empty(), "{}", differs.join("\n"));
}

fn inputs(target: Target) -> Vec<PathBuf> {
    let corpus = folder().join("corpus").join(target.name());
    let mut inputs: Vec<_> = fs::read_dir(&corpus)
        .unwrap_or_else(|error| panic!("{}: {error}", corpus.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    inputs.sort();
    inputs
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
