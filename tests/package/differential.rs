//! The package beside jose, over many generated tokens.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::node::script;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    histogram: BTreeMap<String, usize>,
    accepted: usize,
    jose_too: usize,
    /// Tokens about which WebCrypto and WebAssembly, or `check` and `verifySync`, disagree.
    different: Vec<Value>,
    only_ours: Vec<Value>,
    nameless: usize,
}

#[test]
fn accepts_no_token_that_jose_refuses() {
    let (mut total, mut histogram) = (0, BTreeMap::<String, usize>::new());
    let mut accepted = 0;
    for outcome in in_parallel() {
        assert!(outcome.different.is_empty(), "{:#?}", first(&outcome.different));
        assert!(outcome.only_ours.is_empty(), "jose refuses {:#?}", first(&outcome.only_ours));
        assert_eq!(outcome.nameless, 0, "refusals without a reason");
        assert_eq!(outcome.accepted, outcome.jose_too);
        accepted += outcome.accepted;
        for (code, count) in outcome.histogram {
            *histogram.entry(code).or_default() += count;
            total += count;
        }
    }
    println!("differential: {total} tokens, {accepted} accepted, each by jose as well");
    for (code, count) in &histogram {
        println!("  {code:14} {count:6}");
    }
    assert_eq!(total, PARTS.len() * EACH);
    assert!(accepted > total / 10, "too few good tokens to prove anything");
    assert!(histogram.len() > 25, "too few kinds of refusals: {histogram:?}");
}

/// One process for each core of a small machine.
fn in_parallel() -> Vec<Outcome> {
    let count = EACH.to_string();
    std::thread::scope(|scope| {
        let parts = PARTS.map(|seed| {
            let count = &count;
            scope.spawn(move || {
                let output = script(&[], "differential.mjs", &[count, seed]);
                serde_json::from_str(output.trim()).unwrap()
            })
        });
        parts.into_iter().map(|part| part.join().unwrap()).collect()
    })
}

fn first(tokens: &[Value]) -> Vec<&Value> {
    tokens.iter().take(3).collect()
}

/// Tokens for each seed.
const EACH: usize = 50_000;
/// Seeds of the generator: a failure can be repeated by hand with `differential.mjs COUNT SEED`.
const PARTS: [&str; 2] = ["20261126", "7919"];
