//! The primitives: what `edgelatch_core::software` says of signatures over any bytes.

use std::thread;

use edgelatch_core::Algorithm;

use super::exceptions::OF_OTHER_PARAMETERS;
use super::primitives::{Tally, is_telling, judge};
use super::vectors::{Group, Label, Standing, load};
use super::verifier::{InWasm, Native, Verifier};

#[test]
fn every_signature_of_the_primitives_has_its_verdict_natively() {
    let groups = load();
    let tally = judge(&groups.iter().collect::<Vec<_>>(), &mut Native::default(), |_, _| true);
    println!("wycheproof: native primitives {tally}");
    for (algorithm, (accepted, refused)) in &tally.ours {
        println!("wycheproof: native {algorithm} {accepted} accepted, {refused} refused");
    }
    for (what, count) in &tally.foreign {
        println!("wycheproof: native refused {count} with {what}");
    }
    for (what, count) in &tally.formless {
        println!("wycheproof: left out {count} with {what}, of which no key of ours can be made");
    }
    check(&tally);
    assert!(tally.vectors() >= 12_000 && tally.same_prepared >= 200, "{tally}");
    assert!(tally.keys["another curve"] >= 1_400 && tally.keys["a modulus of 8192 bits"] == 3);
}

/// Everything that could be accepted by mistake, in two halves at the same time: an interpreter is slow.
#[test]
fn every_signature_of_the_primitives_has_the_same_verdict_in_webassembly() {
    let groups = load();
    let (pss, others): (Vec<_>, Vec<_>) =
        groups.iter().partition(|group| group.set.starts_with("RsaPss"));
    let judge_in_wasm = |groups: &[&Group]| {
        let mut wasm = InWasm::start();
        let tally = judge(groups, &mut wasm, is_telling);
        (tally, wasm.steps())
    };
    let ((mut tally, steps), (of_pss, steps_of_pss)) = thread::scope(|scope| {
        let other = scope.spawn(|| judge_in_wasm(&pss));
        (judge_in_wasm(&others), other.join().unwrap())
    });
    tally.add(of_pss);
    let steps = (steps + steps_of_pss) / 1_000_000;
    println!("wycheproof: wasm primitives {tally}; {steps} million steps");
    for (algorithm, (accepted, refused)) in &tally.ours {
        println!("wycheproof: wasm {algorithm} {accepted} accepted, {refused} refused");
    }
    check(&tally);
    assert!(tally.vectors() >= 7_000 && tally.same_prepared >= 200, "{tally}");
}

fn check(tally: &Tally) {
    assert_eq!(tally.wrong, Vec::<String>::new());
    let exceptions: usize = OF_OTHER_PARAMETERS.iter().map(|row| row.ids.len()).sum();
    assert_eq!(tally.exceptions, exceptions, "an exception is no longer needed");
    // Every algorithm, and none of them only refuses.
    assert_eq!(tally.ours.len(), Algorithm::ALL.len());
    for (algorithm, (accepted, refused)) in &tally.ours {
        assert!(*accepted > 20 && *refused > 60, "{algorithm}: {accepted} and {refused}");
    }
    assert!(tally.accepted() >= 1_100 && tally.valid_elsewhere >= 3_000, "{tally}");
}

/// S06: a signature counts under the one algorithm of its key and under no other.
#[test]
fn no_rsa_signature_counts_under_a_second_algorithm() {
    let mut native = Native::default();
    let mut refused = 0;
    for group in load().iter().filter(|group| group.standing == Standing::Ours) {
        let others = Algorithm::ALL.into_iter().filter(|other| {
            other.is_rsa() && group.algorithm.is_rsa() && *other != group.algorithm
        });
        for other in others {
            native.load_key(&group.key, other).unwrap();
            for vector in group.vectors.iter().filter(|vector| vector.label == Label::Valid) {
                let is_accepted = native.verify(&vector.message, &vector.signature);
                assert!(!is_accepted, "{} {} as {other}", group.set, vector.id);
                refused += 1;
            }
        }
    }
    println!("wycheproof: native refused {refused} valid RSA signatures under another algorithm");
    assert!(refused > 4_000, "{refused}");
}
