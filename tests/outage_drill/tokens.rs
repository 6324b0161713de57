//! What the callers send.

use edgelatch_tests::lab::http;
use edgelatch_tests::minting::{Keys, Token};
use serde_json::{Value, json};

/// The time at which the drill begins.
pub(crate) const NOW: u64 = 1_900_000_000;

/// The bytes of a request that must be refused, and what is wrong with it.
pub(crate) type Bad = (String, Vec<u8>);

/// A request with a good token of the key called so; it is valid throughout the drill.
pub(crate) fn good(key: &str) -> Vec<u8> {
    request(&mint(json!({ "key": key, "claims": { "exp": NOW + 36_000 } })))
}

/// Requests that nobody may ever let through. Those with URLs in them name `elsewhere`, where somebody counts.
pub(crate) fn bad(elsewhere: &str) -> Vec<Bad> {
    let kinds = [
        ("alg none", json!({ "header": { "alg": "none" }, "signature": [{ "truncate": 0 }] })),
        (
            "a public key as HMAC secret",
            json!({
                "key": "rs256-1", "algorithm": "HS256", "manner": { "secret": "pem" }, "header": { "kid": "es256-1" },
            }),
        ),
        ("a stranger's signature", json!({ "key": "stranger", "header": { "kid": "es256-1" } })),
        ("a flipped bit", json!({ "signature": [{ "flip": 7 }] })),
        ("r and s of zero", json!({ "signature": [{ "halves": ["0", "0"] }] })),
        ("an expired token", json!({ "claims": { "iat": NOW - 900, "exp": NOW - 600 } })),
        ("another audience", json!({ "claims": { "aud": "https://other.example.com" } })),
        ("another issuer", json!({ "claims": { "iss": elsewhere } })),
        (
            "a key from elsewhere",
            json!({
                "key": "stranger", "header": { "jku": elsewhere, "x5u": elsewhere },
            }),
        ),
        ("another type", json!({ "header": { "typ": "JWT" } })),
        ("no scope", json!({ "claims": { "scope": "", "exp": NOW + 36_000 } })),
        ("no kid", json!({ "header": { "kid": null } })),
    ];
    let kinds = kinds.into_iter().map(|(name, token)| (name.to_owned(), request(&mint(token))));
    kinds.chain(unknown_keys()).chain(two_lines()).collect()
}

/// A flood of keys that nobody has heard of: each could make the edge ask the issuer (J04).
fn unknown_keys() -> impl Iterator<Item = Bad> {
    (0..40).map(|number| {
        let kid = format!("unknown-{number}");
        let token = mint(json!({ "header": { "kid": kid }, "claims": { "exp": NOW + 36_000 } }));
        (format!("the unknown key {number}"), request(&token))
    })
}

/// Two tokens in one request, good and bad (J05: this crashed `jwt_authn` while a fetch failed, CVE-2025-64527).
fn two_lines() -> [Bad; 2] {
    let good = format!("Bearer {}", mint(json!({ "claims": { "exp": NOW + 36_000 } })));
    let bad = format!("Bearer {}", mint(json!({ "header": { "kid": "unknown" } })));
    let request = |first: &str, second: &str| {
        let lines = [("authorization", first.as_bytes()), ("authorization", second.as_bytes())];
        http::request("GET", "/orders/1", "api.example.com", &lines)
    };
    [
        ("a good and a bad line".to_owned(), request(&good, &bad)),
        ("a bad and a good line".to_owned(), request(&bad, &good)),
    ]
}

fn request(token: &str) -> Vec<u8> {
    let value = format!("Bearer {token}");
    http::request("GET", "/orders/1", "api.example.com", &[("authorization", value.as_bytes())])
}

fn mint(description: Value) -> String {
    let token: Token = serde_json::from_value(description).unwrap();
    String::from_utf8(token.mint(&Keys::load().unwrap()).unwrap()).unwrap()
}
