//! The primitives in WebCrypto, by the code with which the npm package asks it. Five runtimes bring four libraries, and
//! none of them may let pass what another refuses.

use std::collections::VecDeque;

use edgelatch_core::{Algorithm, KeyMaterial, VerifyingKey};
use serde_json::{Value, json};

use super::cofactor::{Probe, probes};
use super::exceptions::OF_OTHER_PARAMETERS;
use super::file::base64;
use super::installed::Installed;
use super::primitives::judge;
use super::runtime::Runtime;
use super::vectors::{Group, Standing, load};
use super::verifier::{Native, Verifier};

#[test]
fn every_signature_has_the_same_verdict_in_workerd() {
    check("workerd", Runtime::Workerd("2026-11-17"));
}

#[test]
fn every_signature_has_the_same_verdict_in_node() {
    check("node", Runtime::Node);
}

#[test]
fn every_signature_has_the_same_verdict_in_deno() {
    check("deno", Runtime::Deno);
}

#[test]
fn every_signature_has_the_same_verdict_in_bun() {
    check("bun", Runtime::Bun);
}

#[test]
fn every_signature_has_the_same_verdict_in_chromium() {
    check("chromium", Runtime::Chromium);
}

fn check(name: &str, runtime: Runtime) {
    let installed = Installed::with_job("signatures.js", &[]);
    check_vectors(name, runtime, &installed);
    check_small_order(name, runtime, &installed);
}

fn check_vectors(name: &str, runtime: Runtime, installed: &Installed) {
    let groups = load();
    let groups: Vec<&Group> = groups.iter().collect();
    let mut answered = Answered::by(runtime, installed, &groups);
    let tally = judge(&groups, &mut answered, |_, _| true);
    println!("wycheproof: {name} {tally}; {} left to the core", answered.left_to_core);
    assert_eq!(tally.wrong, Vec::<String>::new());
    let exceptions: usize = OF_OTHER_PARAMETERS.iter().map(|row| row.ids.len()).sum();
    assert_eq!(tally.exceptions, exceptions, "an exception is no longer needed");
    assert!(tally.vectors() >= 12_000 && tally.accepted() >= 1_100, "{tally}");
    // Or it would be the core that is tried here.
    assert!(answered.left_to_core * 10 < tally.vectors(), "{}", answered.left_to_core);
}

fn check_small_order(name: &str, runtime: Runtime, installed: &Installed) {
    let (probes, mut native) = (probes(), Native::default());
    let send = |probe: &Probe| {
        native.load_key(&probe.key, Algorithm::Ed25519).unwrap();
        let vector = [base64(&probe.message), base64(&probe.signature)];
        json!({ "key": shown(native.key()), "vectors": [vector] })
    };
    let groups: Vec<Value> = probes.iter().map(send).collect();
    let answers = ask(runtime, installed, &groups);
    let said: Vec<Option<bool>> = answers.iter().map(|of_key| of_key[0]).collect();
    let verdicts = probes.iter().zip(&said);
    // What is left to the core is tried there.
    let differences =
        verdicts.filter(|(probe, said)| said.is_some_and(|said| said != probe.expected)).count();
    println!("wycheproof: {name}, small order: {differences} of {} differ", answers.len());
    assert_eq!((differences, answers.len()), (0, 512));
}

/// A verifier that has said everything already. Keys are judged by the core, which shows no other to JavaScript.
struct Answered {
    native: Native,
    groups: VecDeque<VecDeque<Option<bool>>>,
    current: VecDeque<Option<bool>>,
    left_to_core: usize,
}

impl Answered {
    fn by(runtime: Runtime, installed: &Installed, groups: &[&Group]) -> Self {
        let mut native = Native::default();
        let mut sent = Vec::new();
        for group in groups {
            let has_form = !matches!(group.standing, Standing::Formless(_));
            if has_form && native.load_key(&group.key, group.algorithm).is_ok() {
                let vectors = group.vectors.iter();
                let vectors = vectors.map(|v| [base64(&v.message), base64(&v.signature)]);
                let vectors: Vec<_> = vectors.collect();
                sent.push(json!({ "key": shown(native.key()), "vectors": vectors }));
            }
        }
        let groups = ask(runtime, installed, &sent);
        Self { native, groups, current: VecDeque::new(), left_to_core: 0 }
    }
}

impl Verifier for Answered {
    fn load(&mut self, set: &Value, allowed: &[Algorithm]) -> Result<(), String> {
        self.native.load(set, allowed)?;
        self.current = self.groups.pop_front().unwrap();
        Ok(())
    }

    fn verify(&mut self, message: &[u8], signature: &[u8]) -> bool {
        self.current.pop_front().unwrap().unwrap_or_else(|| {
            self.left_to_core += 1;
            self.native.verify(message, signature)
        })
    }

    fn prepare(&mut self) -> bool {
        false
    }
}

fn ask(
    runtime: Runtime,
    installed: &Installed,
    groups: &[Value],
) -> VecDeque<VecDeque<Option<bool>>> {
    let output = runtime.run(installed, &json!({ "groups": groups }).to_string());
    let mut output: Value = serde_json::from_str(&output).unwrap();
    serde_json::from_value(output["outcomes"].take()).unwrap()
}

/// A key as the core shows it to JavaScript: `www/keys.rs`.
fn shown(key: &VerifyingKey) -> Value {
    let alg = key.algorithm().name();
    match key.material() {
        KeyMaterial::P256 { x, y } => {
            json!({ "alg": alg, "kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y) })
        }
        KeyMaterial::Ed25519 { x } => {
            json!({ "alg": alg, "kty": "OKP", "crv": "Ed25519", "x": base64(x) })
        }
        KeyMaterial::Rsa { modulus, exponent } => {
            json!({ "alg": alg, "kty": "RSA", "n": base64(modulus), "e": base64(exponent) })
        }
    }
}
