//! A status list in, decisions about its tokens out. The issuer signs any header and any claims.
//!
//! ```text
//! {"alg":"Ed25519",..}
//! {"status_list":{"bits":1,"lst":"$"},..}
//! p and the bytes of the list, which are packed and put in the place of the dollar
//! z and the packed bytes
//! ```

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_core::{Engine, FeedContent, FetchOutcome, FetchResponse};
use serde_json::{Map, Value};

use crate::Verdict;
use crate::host::NOW;

mod issuer;
mod zlib;

pub(crate) fn run(input: &[u8]) -> Verdict {
    let mut lines = input.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let (header, claims, list) = (line(), line(), line());
    let (plain, packed) = match list.split_first() {
        Some((b'p', plain)) => (Some(plain), zlib::store(plain)),
        Some((_, packed)) => (None, packed.to_vec()),
        None => (None, Vec::new()),
    };
    let is_ours =
        read(claims).get("status_list").and_then(|list| list.get("lst")) == Some(&"$".into());
    let claims = replace_dollar(claims, Base64UrlUnpadded::encode_string(&packed).as_bytes());
    let document = issuer::sign(header, &claims);
    let mut engine = issuer::edge();
    let Some(FeedContent::StatusList { entries, .. }) = fetch(&mut engine, &document) else {
        // Without a list nobody passes.
        assert!(!issuer::admits(&mut engine, 0, "t"), "admitted without a list");
        return Verdict::Refused;
    };
    assert!(entries <= MAXIMUM_ENTRIES, "{entries} entries");
    let members = read(&claims);
    assert!(is_acceptable(&read(header), &members), "{}", document.escape_ascii());
    check_entries(&mut engine, entries, plain.filter(|_| is_ours), &members);
    Verdict::Accepted
}

/// What the edge takes from an answer. Never from one whose signature was touched.
fn fetch(engine: &mut Engine, document: &[u8]) -> Option<FeedContent> {
    let fetch = engine.poll(NOW);
    assert!(fetch.is_some(), "an edge without a list wants one");
    let feed = fetch?.feed;
    let mut take = |body: &[u8]| {
        let response = FetchResponse::Received { status: 200, headers: &[], body };
        engine.accept(feed, response, NOW)
    };
    let mut touched = document.to_vec();
    if let Some(byte) = touched.iter_mut().rev().nth(9) {
        *byte = if *byte == b'A' { b'B' } else { b'A' };
    }
    assert!(matches!(take(&touched), FetchOutcome::Kept(_)), "a forged list is taken");
    match take(document) {
        FetchOutcome::Accepted(content) => Some(content),
        FetchOutcome::Kept(_) => None,
        FetchOutcome::Unchanged => unreachable!("nothing was there before"),
    }
}

/// The rules of draft-ietf-oauth-status-list s5.1 and s8.3, over `serde_json`'s values.
fn is_acceptable(header: &Map<String, Value>, claims: &Map<String, Value>) -> bool {
    let text = |name| header.get(name).and_then(Value::as_str).unwrap_or_default();
    let token_type = text("typ").to_ascii_lowercase();
    let is_list =
        token_type.strip_prefix("application/").unwrap_or(&token_type) == "statuslist+jwt";
    let is_signed = ["EdDSA", "Ed25519"].contains(&text("alg")) && text("kid") == issuer::KEY;
    let is_ours = claims.get("sub").is_some_and(|name| name == issuer::LIST)
        && claims.get("iss").is_none_or(|name| name.is_null() || name == issuer::NAME);
    let now = NOW.as_unix_seconds();
    let issued = claims.get("iat").and_then(Value::as_u64);
    let expires = claims.get("exp").filter(|time| !time.is_null()).map(Value::as_u64);
    is_list
        && is_signed
        && is_ours
        && !["crit", "b64", "jwk", "jku", "x5c", "x5u"]
            .iter()
            .any(|name| header.contains_key(*name))
        && issued.is_some_and(|issued| issued <= now + issuer::SKEW)
        && expires.is_none_or(|time| time.is_some_and(|time| now < time + issuer::SKEW))
        && [1, 2, 4, 8].contains(&width(claims))
}

/// Every entry says what its bits say, and a token that is named is out whatever they say.
fn check_entries(
    engine: &mut Engine,
    entries: usize,
    plain: Option<&[u8]>,
    claims: &Map<String, Value>,
) {
    let length = u64::try_from(entries).unwrap_or(u64::MAX);
    assert!(!issuer::admits(engine, length, "t"), "admitted beyond the end");
    assert!(!issuer::admits(engine, u64::MAX, "t"), "admitted far beyond the end");
    let is_named = |token_id: &str| {
        let names = claims.get("revoked_tokens").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|name| name.get(0) == Some(&token_id.into())))
    };
    let Some(plain) = plain else { return };
    for index in [0, 1, 7, 8, length.saturating_sub(1)].into_iter().filter(|at| *at < length) {
        for token_id in ["t", "u"] {
            let expected = is_clear(plain, index, width(claims)) && !is_named(token_id);
            let admits = issuer::admits(engine, index, token_id);
            assert_eq!(admits, expected, "entry {index} for {token_id}");
        }
    }
}

fn width(claims: &Map<String, Value>) -> u64 {
    claims.get("status_list").and_then(|list| list.get("bits")?.as_u64()).unwrap_or_default()
}

/// Bit by bit, from the lowest on.
fn is_clear(plain: &[u8], index: u64, width: u64) -> bool {
    let mut bits = index * width..(index + 1) * width;
    bits.all(|bit| {
        let byte = usize::try_from(bit / 8).ok().and_then(|at| plain.get(at));
        byte.is_some_and(|byte| byte >> (bit % 8) & 1 == 0)
    })
}

fn read(json: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(json).unwrap_or_default()
}

fn replace_dollar(text: &[u8], value: &[u8]) -> Vec<u8> {
    let parts: Vec<_> = text.split(|byte| *byte == b'$').collect();
    parts.join(value)
}

/// Half a megabyte of single bits.
const MAXIMUM_ENTRIES: usize = 512 * 1024 * 8;
