use std::prelude::v1::*;

use serde_json::{Value, json};

use super::*;

const NOW: u64 = 1_900_000_000;

fn claims(patch: &Value) -> Result<Claims, ClaimError> {
    let mut claims = json!({
        "iss": "https://issuer.test", "sub": "c", "client_id": "c", "aud": "https://api.test",
        "iat": NOW, "exp": NOW + 300, "jti": "t", "scope": "read write",
    });
    for (name, value) in patch.as_object().unwrap() {
        claims[name] = value.clone();
    }
    parse::parse(claims.to_string().as_bytes(), "https://issuer.test", Profile::Rfc9068, None)
}

fn check(patch: &Value, expected: Result<(), ClaimError>) {
    check_at(NOW, patch, expected);
}

fn check_at(now: u64, patch: &Value, expected: Result<(), ClaimError>) {
    let rules = ClaimRules { clock_skew_seconds: 10, maximum_token_lifetime_seconds: 3_600 };
    let now = Timestamp::from_unix_seconds(now);
    let found = claims(patch).and_then(|claims| claims.check_time(&rules, now));
    assert_eq!(found, expected, "{patch}");
}

#[test]
fn accepts_the_claims_of_rfc_9068() {
    check(&json!({}), Ok(()));
    check(
        &json!({ "aud": ["a", "b"], "nbf": NOW, "groups": ["x"], "nested": { "a": [1] } }),
        Ok(()),
    );
}

#[test]
fn compares_the_issuer_byte_by_byte() {
    for issuer in [
        json!("https://issuer.test/"),
        json!("https://issuer.tes"),
        json!("HTTPS://issuer.test"),
        json!(["https://issuer.test"]),
        json!(null),
        json!(""),
    ] {
        check(&json!({ "iss": issuer }), Err(ClaimError::Issuer));
    }
}

#[test]
fn expires_at_the_very_second() {
    check_at(NOW + 309, &json!({}), Ok(()));
    check_at(NOW + 310, &json!({}), Err(ClaimError::Expired));
    check(&json!({ "exp": 0 }), Err(ClaimError::Expired));
    check(&json!({ "exp": -1 }), Err(ClaimError::Expired));
    check(&json!({ "exp": null }), Err(ClaimError::Type));
    check(&json!({ "exp": (NOW + 300).to_string() }), Err(ClaimError::Type));
}

#[test]
fn refuses_tokens_from_the_future() {
    check(&json!({ "iat": NOW + 10 }), Ok(()));
    check(&json!({ "iat": NOW + 11 }), Err(ClaimError::IssuedAt));
    check(&json!({ "nbf": NOW + 10 }), Ok(()));
    check(&json!({ "nbf": NOW + 11 }), Err(ClaimError::NotBefore));
    check(&json!({ "nbf": -8_334_601_228_800_i64 }), Err(ClaimError::NotBefore));
}

#[test]
fn limits_the_lifetime() {
    check(&json!({ "exp": NOW + 3_600 }), Ok(()));
    check(&json!({ "exp": NOW + 3_601 }), Err(ClaimError::Lifetime));
    check(&json!({ "iat": NOW + 5, "exp": NOW + 5 }), Err(ClaimError::Lifetime));
}

#[test]
fn requires_who_what_and_which() {
    for name in ["sub", "client_id", "jti"] {
        for value in [json!(null), json!(""), json!(7), json!("a\nb"), json!("x".repeat(257))] {
            check(&json!({ name: value }), Err(ClaimError::Required));
        }
        check(&json!({ name: "x".repeat(256) }), Ok(()));
    }
}

#[test]
fn reads_the_audience_as_text_or_list() {
    let audience =
        |value: Value| claims(&json!({ "aud": value })).map(|claims| claims.audience().count());
    assert_eq!(audience(json!([])), Ok(0));
    assert_eq!(audience(json!(vec!["a"; 16])), Ok(16));
    for value in [json!(null), json!({}), json!([1]), json!(["a", ["b"]]), json!(vec!["a"; 17])] {
        assert_eq!(audience(value), Err(ClaimError::Audience));
    }
    let expected = ["https://api.test".into()];
    assert_eq!(claims(&json!({})).unwrap().check_audience(&expected), Ok(()));
    for value in
        [json!([]), json!("https://api.test/"), json!("http://api.test"), json!("api.test")]
    {
        let claims = claims(&json!({ "aud": value })).unwrap();
        assert_eq!(claims.check_audience(&expected), Err(ClaimError::Audience));
    }
}

#[test]
fn compares_scopes_as_whole_tokens() {
    let claims = claims(&json!({ "scope": "nonadmin read" })).unwrap();
    assert!(claims.has_scope("read"));
    for scope in ["admin", "nonadmi", "rea", "READ", ""] {
        assert!(!claims.has_scope(scope), "{scope}");
    }
}

#[test]
fn refuses_scopes_that_could_be_split_differently() {
    for scope in [
        json!("a  b"),
        json!(" a"),
        json!("a "),
        json!("a\tb"),
        json!("a\"b"),
        json!(["a"]),
        json!(1),
    ] {
        check(&json!({ "scope": scope }), Err(ClaimError::Scope));
    }
    check(&json!({ "scope": "" }), Ok(()));
}

#[test]
fn reads_what_a_token_is_bound_to_and_takes_no_half_of_it() {
    const DIGEST: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
    let confirmation = |cnf: Value| claims(&json!({ "cnf": cnf })).unwrap().confirmation;
    let bound = |certificate, key| Some(Box::new(Confirmation { certificate, key }));
    let digest = Some([1; 32]);
    assert_eq!(claims(&json!({})).unwrap().confirmation, None);
    assert_eq!(confirmation(json!({ "x5t#S256": DIGEST })), bound(digest, None));
    assert_eq!(confirmation(json!({ "jkt": DIGEST, "kid": "x" })), bound(None, digest));
    assert_eq!(confirmation(json!({ "jkt": DIGEST, "x5t#S256": DIGEST })), bound(digest, digest));
    for nobody in [
        json!(null),
        json!("x"),
        json!([DIGEST]),
        json!({}),
        json!({ "jwk": { "kty": "OKP" } }),
        json!({ "jkt": "x" }),
        json!({ "jkt": [DIGEST] }),
        json!({ "jkt": format!("{DIGEST}=") }),
        json!({ "jkt": DIGEST.trim_start_matches('A') }),
        json!({ "jkt": DIGEST, "x5t#S256": "x" }),
        json!({ "jkt": { "jkt": DIGEST } }),
    ] {
        assert_eq!(confirmation(nobody.clone()), bound(None, None), "{nobody}");
    }
}

#[test]
fn refuses_duplicates_inside_of_the_confirmation() {
    let parse = |text: &str| parse::parse(text.as_bytes(), "i", Profile::Rfc9068, None).map(|_| ());
    let twice = r#"{"iss":"i","cnf":{"jkt":"a","jkt":"b"}}"#;
    assert_eq!(parse(twice), Err(ClaimError::Duplicate));
    let nested = r#"{"iss":"i","cnf":{"jwk":{"x":1,"x":1}}}"#;
    assert_eq!(parse(nested), Err(ClaimError::Duplicate));
}

#[test]
fn refuses_duplicates_and_other_documents() {
    let parse = |text: &str| parse::parse(text.as_bytes(), "i", Profile::Rfc9068, None).map(|_| ());
    assert_eq!(parse(r#"{"iss":"i","iss":"i"}"#), Err(ClaimError::Duplicate));
    assert_eq!(parse("[]"), Err(ClaimError::Json));
    assert_eq!(parse("{"), Err(ClaimError::Json));
}

#[test]
fn finds_the_place_of_a_token_in_the_list_that_the_policy_names() {
    const LIST: &str = "https://issuer.test/list";
    let status = |claims: Value| {
        let claims = claims.to_string();
        parse::parse(claims.as_bytes(), "https://issuer.test", Profile::Rfc9068, Some(LIST))
            .unwrap()
            .status
    };
    let with = |status: Value| {
        json!({
            "iss": "https://issuer.test", "sub": "c", "client_id": "c", "aud": "a", "iat": NOW,
            "exp": NOW + 300, "jti": "t", "status": status,
        })
    };
    let mut without = with(json!(null));
    without.as_object_mut().unwrap().remove("status");
    assert_eq!(status(without), StatusReference::None);
    let place = |idx: Value, uri: &str| json!({ "status_list": { "idx": idx, "uri": uri } });
    assert_eq!(status(with(place(json!(0), LIST))), StatusReference::Index(0));
    assert_eq!(status(with(place(json!(u64::MAX), LIST))), StatusReference::Index(u64::MAX));
    for foreign in [
        place(json!(0), "https://issuer.test/list2"),
        place(json!(0), "https://issuer.test/LIST"),
        place(json!(-1), LIST),
        place(json!(1.5), LIST),
        place(json!("1"), LIST),
        json!({ "status_list": { "uri": LIST } }),
        json!({ "status_list": { "idx": 1 } }),
        json!({ "status_list": [1, LIST] }),
        json!({ "assertion": {} }),
        json!({}),
        json!(null),
        json!(1),
    ] {
        assert_eq!(status(with(foreign.clone())), StatusReference::Foreign, "{foreign}");
        // Who does not ask a list is not disturbed by it.
        let claims = with(foreign).to_string();
        let claims =
            parse::parse(claims.as_bytes(), "https://issuer.test", Profile::Rfc9068, None).unwrap();
        assert_eq!(claims.status, StatusReference::None);
    }
}

#[test]
fn keeps_a_subject_that_is_the_client_in_the_same_memory() {
    let one = claims(&json!({})).unwrap();
    let two = claims(&json!({ "sub": "d" })).unwrap();
    assert_eq!(one.size() + 1, two.size());
    assert_eq!((&*one.subject, &*two.subject), ("c", "d"));
}

mod profiles;
