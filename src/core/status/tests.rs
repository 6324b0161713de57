use std::prelude::v1::*;

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

use super::document::{Expected, StatusDocument};
use super::*;
use crate::algorithm::Algorithm;
use crate::keys::KeySet;
use crate::time::Timestamp;

const NOW: u64 = 1_900_000_000;

/// The first vector of the specification: entry 0 is revoked, entry 1 is not.
const BITS: &str = "eNrbuRgAAhcBXQ";

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + seconds)
}

fn signer() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn keys() -> KeySet {
    let x = Base64UrlUnpadded::encode_string(signer().verifying_key().as_bytes());
    let keys = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "k" }] });
    KeySet::load(keys.to_string().as_bytes(), &Algorithm::ALL).unwrap().keys
}

fn header() -> Value {
    json!({ "alg": "Ed25519", "kid": "k", "typ": "statuslist+jwt" })
}

fn claims() -> Value {
    json!({
        "iss": "https://a.test", "sub": "https://a.test/list", "iat": NOW, "exp": NOW + 3_600,
        "ttl": 5, "status_list": { "bits": 1, "lst": BITS },
    })
}

fn sign(header: &Value, claims: &Value) -> String {
    let segment = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let message = format!("{}.{}", segment(header), segment(claims));
    let signature = signer().sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
}

fn read(text: &str, now: Timestamp) -> Result<StatusDocument, StatusListError> {
    let expected =
        Expected { issuer: "https://a.test", name: "https://a.test/list", clock_skew_seconds: 10 };
    StatusDocument::read(text.as_bytes(), &keys(), expected, now)
}

fn with(name: &str, value: Value) -> String {
    let mut claims = claims();
    claims[name] = value;
    sign(&header(), &claims)
}

fn check(text: &str, expected: StatusListError) {
    assert_eq!(read(text, at(0)).unwrap_err(), expected, "{text}");
}

#[test]
fn reads_a_list_that_its_issuer_signed() {
    let more = json!([["t1", NOW], ["t0", NOW + 5]]);
    let mut claims = claims();
    claims["revoked_tokens"] = more;
    claims["sequence"] = json!(7);
    claims["changed_at"] = json!(5);
    let document = read(&sign(&header(), &claims), at(0)).unwrap();
    assert_eq!((document.list.is_valid(0), document.list.is_valid(1)), (Some(false), Some(true)));
    assert!(document.list.names("t0") && document.list.names("t1") && !document.list.names("t2"));
    assert_eq!((document.version.sequence, document.changed_at), (Some(7), Some(5)));
    assert_eq!((document.list.entries(), document.list.token_ids()), (16, 2));
}

#[test]
fn takes_the_type_as_a_media_type_and_no_other() {
    for name in ["STATUSLIST+JWT", "application/statuslist+jwt"] {
        let mut header = header();
        header["typ"] = json!(name);
        assert!(read(&sign(&header, &claims()), at(0)).is_ok(), "{name}");
    }
    for name in [json!("at+jwt"), json!("JWT"), json!(null), json!(1), json!("statuslist")] {
        let mut header = header();
        header["typ"] = name;
        check(&sign(&header, &claims()), StatusListError::Type);
    }
    let mut critical = header();
    critical["crit"] = json!(["exp"]);
    check(&sign(&critical, &claims()), StatusListError::Type);
}

#[test]
fn r02_refuses_what_is_unsigned_foreign_or_broken() {
    let good = sign(&header(), &claims());
    for cut in 1..good.len() {
        assert!(read(good.get(..cut).unwrap(), at(0)).is_err(), "{cut} bytes");
    }
    for place in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[place] ^= 1;
        assert!(read(&String::from_utf8(bytes).unwrap(), at(0)).is_err(), "byte {place}");
    }
    let (_, unsigned) =
        good.rsplit_once('.').map(|(message, _)| ("", format!("{message}."))).unwrap();
    check(&unsigned, StatusListError::Signature);
    check("<html>", StatusListError::Malformed);
    check("", StatusListError::Malformed);
    for (name, value) in [("kid", json!("other")), ("kid", json!(null)), ("alg", json!("none"))] {
        let mut header = header();
        header[name] = value;
        check(&sign(&header, &claims()), StatusListError::UnknownKey);
    }
    let mut header = header();
    header["alg"] = json!("ES256");
    check(&sign(&header, &claims()), StatusListError::UnknownKey);
}

#[test]
fn refuses_lists_of_others() {
    check(&with("sub", json!("https://a.test/other")), StatusListError::Foreign);
    check(&with("iss", json!("https://b.test")), StatusListError::Foreign);
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove("iss");
    assert!(read(&sign(&header(), &claims), at(0)).is_ok(), "`iss` may be left out");
    claims.as_object_mut().unwrap().remove("sub");
    check(&sign(&header(), &claims), StatusListError::Malformed);
}

#[test]
fn a_list_is_good_from_its_iat_to_its_exp() {
    let list = sign(&header(), &claims());
    for (seconds, is_good) in [(0, true), (3_609, true), (3_610, false)] {
        assert_eq!(read(&list, at(seconds)).is_ok(), is_good, "{seconds}");
    }
    assert!(read(&with("iat", json!(NOW + 10)), at(0)).is_ok());
    check(&with("iat", json!(NOW + 11)), StatusListError::Expired);
    check(&with("exp", json!(u64::MAX)), StatusListError::Malformed);
    let latest = Timestamp::MAXIMUM.as_unix_seconds();
    assert!(read(&with("exp", json!(latest)), at(0)).is_ok());
    check(&with("exp", json!(latest + 1)), StatusListError::Malformed);
    check(&with("iat", json!("1")), StatusListError::Malformed);
}

#[test]
fn refuses_lists_that_are_too_large_or_read_in_two_ways() {
    let long = "x".repeat(2 * 1024 * 1024);
    assert_ne!(read(&long, at(0)).unwrap_err(), StatusListError::TooLarge);
    check(&format!("{long}x"), StatusListError::TooLarge);
    let twice = claims().to_string().replacen('{', "{\"sub\":\"https://a.test/list\",", 1);
    let segment = Base64UrlUnpadded::encode_string(twice.as_bytes());
    let header = Base64UrlUnpadded::encode_string(header().to_string().as_bytes());
    let message = format!("{header}.{segment}");
    let signature = signer().sign(message.as_bytes()).to_bytes();
    let text = format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature));
    check(&text, StatusListError::Malformed);
}

#[test]
fn a_claim_of_another_type_spoils_the_list() {
    for (name, value) in [
        ("iss", json!(1)),
        ("sub", json!(null)),
        ("iat", json!(null)),
        ("iat", json!(1.5)),
        ("exp", json!("1")),
        ("exp", json!(-1)),
        ("sequence", json!("1")),
        ("changed_at", json!(1.5)),
        ("status_list", json!([1, BITS])),
        ("status_list", json!({ "bits": "1", "lst": BITS })),
        ("status_list", json!({ "bits": 257, "lst": BITS })),
        ("status_list", json!({ "bits": 1, "lst": 1 })),
        ("revoked_tokens", json!(null)),
        ("revoked_tokens", json!({})),
        ("revoked_tokens", json!(["a"])),
        ("revoked_tokens", json!([["a"]])),
        ("revoked_tokens", json!([["a", 1, 2]])),
        ("revoked_tokens", json!([[1, "a"]])),
        ("revoked_tokens", json!([["a", 1], ["b", -1]])),
    ] {
        check(&with(name, value), StatusListError::Malformed);
    }
    for name in ["iss", "exp", "sequence", "changed_at"] {
        assert!(read(&with(name, json!(null)), at(0)).is_ok(), "{name}");
    }
    assert_eq!(read(&with("revoked_tokens", json!([])), at(0)).unwrap().list.token_ids(), 0);
}

#[test]
fn a_version_goes_by_sequence_and_by_time() {
    let version = |sequence, seconds| document::Version { sequence, issued_at: at(seconds) };
    for (one, two, is_before) in [
        (version(None, 0), version(None, 0), false),
        (version(None, 0), version(None, 1), true),
        (version(Some(2), 0), version(Some(1), 0), false),
        (version(Some(1), 5), version(Some(2), 0), true),
        (version(Some(2), 0), version(Some(1), 5), true),
        (version(Some(1), 5), version(None, 5), false),
        (version(Some(1), 5), version(Some(1), 5), false),
    ] {
        assert_eq!(one.is_before(two), is_before, "{one:?} {two:?}");
    }
}
