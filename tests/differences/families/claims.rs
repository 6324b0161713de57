//! Every claim that means something, missing, null, and with a value of each JSON type.

use serde_json::{Value, json};

use super::Member;

pub(super) fn members() -> Vec<Member> {
    CLAIMS.iter().flat_map(|(claim, family)| typed(claim, family)).chain(confirmations()).collect()
}

fn typed(claim: &str, family: &'static str) -> Vec<Member> {
    let values = [
        ("a number", json!(7)),
        ("a fraction", json!(0.5)),
        ("true", json!(true)),
        ("an empty text", json!("")),
        ("a text of digits", json!("1900000100")),
        ("an empty list", json!([])),
        ("a list of a number", json!([7])),
        ("an object", json!({ "a": 1 })),
    ];
    let typed = values.into_iter().map(|(words, value)| {
        let token = json!({ "claims": { claim: value } });
        Member::token(family, format!("{claim} that is {words}"), token)
    });
    let missing = json!({ "claims": { claim: Value::Null } });
    let text = format!("{{$members,\"{claim}\":null}}");
    let null = json!({ "claims": { claim: Value::Null }, "claims_text": text });
    let absent = [
        Member::token(family, format!("no {claim}"), missing),
        Member::token(family, format!("{claim} that is null"), null),
    ];
    typed.chain(absent).collect()
}

/// Tokens that belong to a key which the caller has not shown.
fn confirmations() -> impl Iterator<Item = Member> {
    let bindings = [
        ("to a certificate", json!({ "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" })),
        ("to a DPoP key", json!({ "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" })),
        ("to a key inside the token", json!({ "jwk": { "kty": "oct", "k": "AAAA" } })),
        ("to both", json!({ "jkt": "a", "x5t#S256": "b" })),
    ];
    bindings.into_iter().map(|(words, confirmation)| {
        let token = json!({ "claims": { "cnf": confirmation } });
        Member::token("C17", format!("a token bound {words}, sent as a plain bearer token"), token)
    })
}

const CLAIMS: [(&str, &str); 9] = [
    ("iss", "C10"),
    ("sub", "C13"),
    ("aud", "C11"),
    ("exp", "C02"),
    ("nbf", "C02"),
    ("iat", "C02"),
    ("jti", "C13"),
    ("client_id", "C13"),
    ("scope", "C15"),
];
