//! Lists of revoked tokens: when they are fetched, what they change, and what happens without them.

use super::*;
use crate::fetch::FetchError;
use crate::status::StatusListError;

const LIST: FeedId = FeedId { issuer: 0, kind: FeedKind::StatusList };

/// Entry 0 of 16 is revoked.
const FIRST_REVOKED: &str = "eNrbuRgAAhcBXQ";

fn asking(list: &Value) -> Engine {
    engine(&json!([{
        "issuer": "https://a.test", "audiences": ["api"], "jwks_uri": "https://a.test/keys",
        "status_list": list,
    }]))
}

fn patient() -> Engine {
    asking(&json!({ "uri": "https://a.test/list" }))
}

/// An engine with keys and without a list.
fn with_keys(mut engine: Engine) -> Engine {
    assert_eq!(engine.poll(at(0)).unwrap().feed, KEYS);
    let body = key_set(&[jwk(1, "k")]);
    let outcome = engine.accept(KEYS, received(body.as_bytes()), at(0));
    assert!(matches!(outcome, FetchOutcome::Accepted(_)));
    engine
}

fn received(body: &[u8]) -> FetchResponse<'_> {
    FetchResponse::Received { status: 200, headers: &[], body }
}

fn sign(seed: u8, header: &Value, claims: &Value) -> String {
    let segment = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let message = format!("{}.{}", segment(header), segment(claims));
    let signature = signer(seed).sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
}

/// A list of the issuer, patched at the top.
pub(super) fn list(seed: u8, key_id: &str, patch: &Value) -> String {
    let mut claims = json!({
        "iss": "https://a.test", "sub": "https://a.test/list", "iat": NOW,
        "status_list": { "bits": 1, "lst": FIRST_REVOKED },
    });
    claims.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    sign(seed, &json!({ "alg": "EdDSA", "kid": key_id, "typ": "statuslist+jwt" }), &claims)
}

fn token_at(index: u64, token_id: &str) -> String {
    let claims = json!({
        "iss": "https://a.test", "sub": "c", "client_id": "c", "aud": "api", "iat": NOW,
        "exp": NOW + 80_000, "jti": token_id, "scope": "read",
        "status": { "status_list": { "idx": index, "uri": "https://a.test/list" } },
    });
    sign(1, &json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "k" }), &claims)
}

fn take(engine: &mut Engine, list: &str, now: Timestamp) -> FetchOutcome {
    assert_eq!(engine.poll(now).map(|fetch| fetch.feed), Some(LIST));
    engine.accept(LIST, received(list.as_bytes()), now)
}

fn check(engine: &mut Engine, token: &str, now: Timestamp, expected: &str) {
    assert_eq!(code(&decide(engine, "/read", Some(token), now)), expected, "{token}");
}

#[test]
fn the_list_is_fetched_behind_the_keys_and_waits_for_news() {
    let mut engine = patient();
    assert_eq!(engine.poll(at(0)).unwrap().feed, KEYS);
    assert!(engine.poll(at(0)).is_none(), "without keys nobody could check a list");
    engine.accept(KEYS, received(key_set(&[jwk(1, "k")]).as_bytes()), at(0));
    let fetch = engine.poll(at(0)).unwrap();
    assert_eq!((fetch.feed, fetch.kind), (LIST, FeedKind::StatusList));
    assert_eq!(fetch.uri.to_string(), "https://a.test/list?wait=30");
    assert_eq!((fetch.accept, fetch.timeout_seconds), ("application/statuslist+jwt", 35));
    let outcome = engine.accept(LIST, received(list(1, "k", &json!({})).as_bytes()), at(0));
    let FetchOutcome::Accepted(FeedContent::StatusList { entries, revoked_tokens, .. }) = outcome
    else {
        unreachable!("{outcome:?}")
    };
    assert_eq!((entries, revoked_tokens), (16, 0));
    assert!(engine.poll(at(1)).is_some(), "and asks on at once");
}

#[test]
fn an_impatient_edge_asks_in_intervals() {
    let impatient =
        json!({ "uri": "https://a.test/list", "wait_seconds": 0, "refresh_seconds": 7 });
    let mut engine = with_keys(asking(&impatient));
    assert_eq!(engine.poll(at(0)).unwrap().uri.path, "/list");
    engine.accept(LIST, received(list(1, "k", &json!({})).as_bytes()), at(0));
    assert!(engine.poll(at(6)).is_none());
    assert!(engine.poll(at(7)).is_some());
}

#[test]
fn r01_a_revoked_credential_and_a_revoked_token_are_refused() {
    let mut engine = with_keys(patient());
    take(&mut engine, &list(1, "k", &json!({ "revoked_tokens": [["gone", NOW + 9]] })), at(0));
    for (index, token_id, expected) in [
        (0, "t", "rev.hit"),
        (1, "t", "allow"),
        (1, "gone", "rev.hit"),
        (15, "t", "rev.hit"),
        (16, "t", "rev.range"),
        (u64::MAX, "t", "rev.range"),
    ] {
        check(&mut engine, &token_at(index, token_id), at(0), expected);
    }
    // Access that is taken away is gone for a token that was verified before, too.
    let known = token_at(1, "t");
    check(&mut engine, &known, at(0), "allow");
    let all = list(
        1,
        "k",
        &json!({ "iat": NOW + 1, "status_list": { "bits": 1, "lst": "eNr7_x8AAv8B_w" } }),
    );
    take(&mut engine, &all, at(1));
    check(&mut engine, &known, at(1), "rev.hit");
}

#[test]
fn a_token_without_a_status_is_known_by_its_name_and_a_foreign_one_is_refused() {
    let mut engine = with_keys(patient());
    take(&mut engine, &list(1, "k", &json!({ "revoked_tokens": [["t", NOW]] })), at(0));
    check(&mut engine, &token(1, "k", "https://a.test"), at(0), "rev.hit");
    check(&mut engine, &token_at(1, "x"), at(0), "allow");
    let claims = json!({
        "iss": "https://a.test", "sub": "c", "client_id": "c", "aud": "api", "iat": NOW,
        "exp": NOW + 300, "jti": "x", "scope": "read",
        "status": { "status_list": { "idx": 1, "uri": "https://b.test/list" } },
    });
    let foreign = sign(1, &json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "k" }), &claims);
    check(&mut engine, &foreign, at(0), "rev.foreign");
}

#[test]
fn r02_without_a_list_nobody_is_let_in_and_requests_wait_for_it() {
    let mut engine = with_keys(patient());
    let value = format!("Bearer {}", token_at(1, "t"));
    let begun = step(&mut engine, "/read", Some(&value), at(0));
    let (feed, otherwise) = end(&mut engine, begun, at(0));
    assert_eq!((feed, code(&otherwise)), (Some(LIST), "rev.none"));
    let Decision::Deny(deny) = otherwise else { unreachable!() };
    assert_eq!(deny.response().status, 503);
    // An observed route says so and does not wait.
    let begun = step(&mut engine, "/observed", Some(&value), at(0));
    let (feed, decision) = end(&mut engine, begun, at(0));
    assert_eq!((feed, code(&decision)), (None, "rev.none"));
}

#[test]
fn r02_the_last_good_list_stays_until_it_is_too_old() {
    let mut engine = with_keys(patient());
    let (revoked, good) = (token_at(0, "t"), token_at(1, "t"));
    take(&mut engine, &list(1, "k", &json!({ "iat": NOW })), at(0));
    let mut now = 1;
    for broken in [
        list(1, "k", &json!({ "iat": NOW - 1 })),
        list(2, "k", &json!({})),
        list(2, "other", &json!({})),
        list(1, "k", &json!({})).get(..80).unwrap().to_owned(),
        token(1, "k", "https://a.test"),
        "<html>".to_owned(),
        String::new(),
    ] {
        let outcome = engine.poll(at(now)).map(|fetch| fetch.feed);
        if outcome == Some(KEYS) {
            engine.accept(KEYS, received(key_set(&[jwk(1, "k")]).as_bytes()), at(now));
            engine.poll(at(now)).unwrap();
        }
        let outcome = engine.accept(LIST, received(broken.as_bytes()), at(now));
        assert!(matches!(outcome, FetchOutcome::Kept(_)), "{broken}: {outcome:?}");
        check(&mut engine, &revoked, at(now), "rev.hit");
        check(&mut engine, &good, at(now), "allow");
        now += 60;
    }
    engine.accept(KEYS, received(key_set(&[jwk(1, "k")]).as_bytes()), at(3_600));
    check(&mut engine, &good, at(3_600), "allow");
    check(&mut engine, &good, at(3_601), "rev.none");
    check(&mut engine, &revoked, at(3_601), "rev.none");
}

#[test]
fn r06_a_list_ends_with_its_own_exp_at_the_latest() {
    let mut engine = with_keys(patient());
    take(&mut engine, &list(1, "k", &json!({ "exp": NOW + 100 })), at(0));
    check(&mut engine, &token_at(1, "t"), at(109), "allow");
    check(&mut engine, &token_at(1, "t"), at(110), "rev.none");
}

#[test]
fn r05_a_list_does_not_go_back() {
    let mut engine = with_keys(patient());
    take(&mut engine, &list(1, "k", &json!({ "sequence": 5 })), at(0));
    for (now, patch) in [
        (1, json!({ "sequence": 4, "iat": NOW + 1 })),
        (3, json!({ "sequence": 5, "iat": NOW - 1 })),
    ] {
        let outcome = take(&mut engine, &list(1, "k", &patch), at(now));
        assert_eq!(outcome, FetchOutcome::Kept(FetchError::Rollback), "{patch}");
    }
    let outcome = take(&mut engine, &list(1, "k", &json!({ "sequence": 6 })), at(9));
    assert!(matches!(outcome, FetchOutcome::Accepted(_)));
}

#[test]
fn a_list_of_an_unknown_key_has_the_keys_fetched() {
    let mut engine = with_keys(patient());
    let outcome = take(&mut engine, &list(2, "new", &json!({})), at(20));
    let unknown = FetchError::StatusList(StatusListError::UnknownKey);
    assert_eq!(outcome, FetchOutcome::Kept(unknown));
    assert_eq!(engine.poll(at(20)).unwrap().feed, KEYS);
    engine.accept(KEYS, received(key_set(&[jwk(2, "new")]).as_bytes()), at(20));
    let outcome = take(&mut engine, &list(2, "new", &json!({})), at(22));
    assert!(matches!(outcome, FetchOutcome::Accepted(_)));
}

#[test]
fn one_engine_takes_over_the_list_of_another() {
    let (mut first, mut second) = (with_keys(patient()), with_keys(patient()));
    take(&mut first, &list(1, "k", &json!({ "sequence": 2 })), at(0));
    let publication = first.publication(LIST).unwrap();
    assert!(matches!(second.adopt(LIST, publication, at(0)), FetchOutcome::Accepted(_)));
    check(&mut second, &token_at(0, "t"), at(0), "rev.hit");
    check(&mut second, &token_at(1, "t"), at(0), "allow");
    let forged = list(2, "k", &json!({ "sequence": 3 }));
    let publication =
        crate::Publication { body: forged.as_bytes(), entity_tag: None, received: at(1) };
    let error = FetchError::StatusList(StatusListError::Signature);
    assert_eq!(second.adopt(LIST, publication, at(1)), FetchOutcome::Kept(error));
}
