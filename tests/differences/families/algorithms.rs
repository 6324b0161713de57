//! Every algorithm name over every key, and what becomes of each kind of signature.

use serde_json::json;

use super::Member;

pub(super) fn members() -> Vec<Member> {
    let names = KEYS.iter().flat_map(|key| NAMES.iter().map(move |name| renamed(key, name)));
    let spoilt = KEYS.iter().flat_map(|key| spoilt(key));
    let parameters = PARAMETERS.iter().flat_map(|name| parameter(name));
    names.chain(spoilt).chain(parameters).collect()
}

/// The signature stays that of the key; only the header says another algorithm.
fn renamed(key: &str, name: &str) -> Member {
    let token = json!({ "key": key, "header": { "alg": name } });
    Member::token("K05", format!("alg {name} over the signature of {key}"), token)
}

fn spoilt(key: &str) -> Vec<Member> {
    let member = |words: &str, signature| {
        let token = json!({ "key": key, "signature": [signature] });
        Member::token("S02", format!("a signature of {key} {words}"), token)
    };
    vec![
        member("with its first bit flipped", json!({ "flip": 0 })),
        member("with its last bit but seven flipped", json!({ "flip": 504 })),
        member("without its last byte", json!({ "truncate": 63 })),
        member("without its second half", json!({ "truncate": 32 })),
        member("with a zero byte behind", json!({ "append": "00" })),
        member("with a zero byte in front", json!({ "prepend": "00" })),
        member("of zeros", json!("zero")),
        member("that is missing", json!({ "truncate": 0 })),
    ]
}

/// A header parameter with a value of each JSON type.
fn parameter(name: &str) -> Vec<Member> {
    let values = [
        ("a number", json!(7)),
        ("true", json!(true)),
        ("an empty text", json!("")),
        ("an empty list", json!([])),
        ("a list with a text", json!(["exp"])),
        ("an object", json!({ "a": 1 })),
    ];
    let member = |(words, value): (&str, _)| {
        let token = json!({ "header": { name: value } });
        Member::token(family(name), format!("{name} that is {words}"), token)
    };
    values.into_iter().map(member).collect()
}

fn family(parameter: &str) -> &'static str {
    match parameter {
        "alg" => "P02",
        "kid" => "K03",
        "crit" => "P12",
        "b64" => "P13",
        "jku" | "jwk" | "x5u" | "x5c" | "x5t" => "P15",
        "typ" => "P16",
        "cty" => "P17",
        _ => "P14",
    }
}

const KEYS: [&str; 4] = ["es256-1", "ed25519-1", "rs256-1", "ps256-1"];
const NAMES: [&str; 17] = [
    "ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448", "RS256", "RS384", "RS512",
    "PS256", "PS384", "PS512", "HS256", "none", "es256", "dir",
];
const PARAMETERS: [&str; 12] =
    ["alg", "kid", "typ", "cty", "crit", "b64", "zip", "enc", "jku", "jwk", "x5u", "x5c"];
