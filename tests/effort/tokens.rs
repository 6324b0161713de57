//! Requests that are large in their token: refused for its form, for its signature, or valid.

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_tests::minting::{Keys, Token};
use serde_json::{Value, json};

use super::families::Make;
use super::probe::Sent;

pub(crate) const FAMILIES: &[(&str, Make)] = &[
    ("spaces behind the scheme", |size| Sent::with_token(" ".repeat(size))),
    ("a token of dots", |size| Sent::with_token(".".repeat(size))),
    ("a token of one segment", |size| Sent::with_token("A".repeat(size))),
    ("a header that is no JSON", |size| Sent::with_token(format!("{}.e30.AA", "A".repeat(size)))),
    ("a header of spaces", |size| with_header(&format!("{{{}}}", " ".repeat(raw(size))))),
    ("spaces before a header", |size| with_header(&format!("{}1", " ".repeat(raw(size))))),
    ("a header that is a list", |size| with_header(&list("1", size))),
    ("a header with a long text", |size| with_header(&member(&text("x", size)))),
    ("a header with a text of escapes", |size| with_header(&member(&text("\\u0041", size)))),
    ("a header with a text of surrogates", |size| {
        with_header(&member(&text("\\ud83d\\ude00", size)))
    }),
    ("a header with a name of escapes", |size| {
        with_header(&format!("{{{}:1}}", text("\\u0041", size)))
    }),
    ("a header with a long number", |size| with_header(&member(&"7".repeat(raw(size))))),
    ("a header with a long fraction", |size| {
        with_header(&member(&format!("0.{}", "7".repeat(raw(size)))))
    }),
    ("a header with a long exponent", |size| {
        with_header(&member(&format!("1e{}", "9".repeat(raw(size)))))
    }),
    ("a header with a list of numbers", |size| with_header(&member(&list("1", size)))),
    ("a header with a list of texts", |size| with_header(&member(&list("\"x\"", size)))),
    ("a header with a list of objects", |size| with_header(&member(&list("{}", size)))),
    ("a header with a list of full objects", |size| with_header(&member(&list(&full(4), size)))),
    ("a header of long names", |size| with_header(&full(raw(size) / 64))),
    ("a header of more members than may be", |size| with_header(&many(size))),
    ("a header that is too deep", |size| with_header(&member(&"[".repeat(raw(size))))),
    ("a payload with a long text", |size| forged(&member(&text("x", size)))),
    ("a payload with a long issuer", |size| forged(&format!("{{\"iss\":{}}}", text("x", size)))),
    ("a payload of full objects", |size| forged(&of_issuer(&list(&full(4), size)))),
    ("a forged payload", |size| forged(&of_issuer(&text("x", size)))),
    ("a long signature", |size| {
        Sent::with_token(format!(
            "{}.{}.{}",
            encode(HEADER),
            encode(&of_issuer("0")),
            "A".repeat(size)
        ))
    }),
    ("a valid token with a long text", |size| {
        signed("es256-1", &json!({ "x": "y".repeat(raw(size)) }))
    }),
    ("a valid RS256 token", |size| signed("rs256-1", &json!({ "x": "y".repeat(raw(size)) }))),
    ("a valid Ed25519 token", |size| signed("ed25519-1", &json!({ "x": "y".repeat(raw(size)) }))),
    ("a valid token with many scopes", |size| {
        signed("es256-1", &json!({ "scope": "a ".repeat(raw(size) / 2) + "orders:read" }))
    }),
    ("a valid token without the scope", |size| {
        signed("es256-1", &json!({ "scope": "a ".repeat(raw(size) / 2) + "a" }))
    }),
    ("a valid token with long audiences", |size| {
        let audience = |number| format!("{number:02}{}", "a".repeat(raw(size) / 16));
        signed("es256-1", &json!({ "aud": (0..16).map(audience).collect::<Vec<_>>() }))
    }),
    ("a valid token with many audiences", |size| {
        let audience = |number| format!("{number:06}");
        signed("es256-1", &json!({ "aud": (0..raw(size) / 9).map(audience).collect::<Vec<_>>() }))
    }),
    ("a valid token with a large confirmation", |size| {
        signed("es256-1", &json!({ "cnf": { "x": "y".repeat(raw(size)) } }))
    }),
    ("a valid token with a long name to forward", |size| {
        signed("es256-1", &json!({ "sub": "\u{e9}".repeat(raw(size) / 2) }))
    }),
    ("a proof with a large header", |size| {
        let proof = format!("{}.e30.AA", encode(&member(&list("1", size / 2))));
        Sent::to("/orders/7").and("authorization", format!("DPoP {}", &*BOUND)).and("dpop", proof)
    }),
];

/// A valid token.
pub(crate) fn valid() -> &'static str {
    static VALID: LazyLock<String> = LazyLock::new(|| mint("es256-1", &json!({})));
    &VALID
}

/// A request with a valid token of this key.
pub(crate) fn of_key(key: &str) -> Sent {
    signed(key, &json!({}))
}

/// A valid token that is bound to a key.
pub(crate) static BOUND: LazyLock<String> =
    LazyLock::new(|| mint("es256-1", &json!({ "cnf": { "jkt": "A".repeat(43) } })));

fn signed(key: &str, claims: &Value) -> Sent {
    Sent::with_token(mint(key, claims))
}

fn mint(key: &str, claims: &Value) -> String {
    let token: Token = serde_json::from_value(json!({ "key": key, "claims": claims })).unwrap();
    String::from_utf8(token.mint(&Keys::load().unwrap()).unwrap()).unwrap()
}

fn with_header(json: &str) -> Sent {
    Sent::with_token(format!("{}.e30.AA", encode(json)))
}

/// Under a known key, with a signature of the right length.
fn forged(payload: &str) -> Sent {
    Sent::with_token(format!("{}.{}.{}Q", encode(HEADER), encode(payload), "A".repeat(85)))
}

fn member(value: &str) -> String {
    format!("{{\"a\":{value}}}")
}

fn of_issuer(value: &str) -> String {
    format!("{{\"iss\":\"https://issuer.example.com\",\"a\":{value}}}")
}

fn text(piece: &str, size: usize) -> String {
    format!("\"{}\"", piece.repeat(raw(size) / piece.len()))
}

fn list(piece: &str, size: usize) -> String {
    format!("[{}0]", format!("{piece},").repeat(raw(size) / (piece.len() + 1)))
}

/// An object of as many members as there may be, with names that are alike up to their end.
fn full(name: usize) -> String {
    let name = "k".repeat(name.saturating_sub(8));
    let members: Vec<_> = (0..60).map(|number| format!("\"{name}{number:02}\":0")).collect();
    format!("{{{}}}", members.join(","))
}

fn many(size: usize) -> String {
    let members: Vec<_> = (0..raw(size) / 10).map(|number| format!("\"{number:05}\":0")).collect();
    format!("{{{}}}", members.join(","))
}

/// Bytes that take so many characters of base64, with some left for the rest of a token.
fn raw(size: usize) -> usize {
    size.saturating_sub(1_000) * 3 / 4
}

fn encode(json: &str) -> String {
    Base64UrlUnpadded::encode_string(json.as_bytes())
}

const HEADER: &str = r#"{"alg":"ES256","kid":"es256-1","typ":"at+jwt"}"#;
