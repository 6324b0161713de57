//! What engines fetch, confirm, and take over from each other.

use super::*;
use crate::fetch::{FetchError, Publication};

type Headers<'a> = &'a [(&'a [u8], &'a [u8])];

fn answer(engine: &mut Engine, status: u16, headers: Headers<'_>, body: &str) -> FetchOutcome {
    let response = FetchResponse::Received { status, headers, body: body.as_bytes() };
    engine.accept(KEYS, response, at(0))
}

#[test]
fn asks_with_the_entity_tag_and_takes_not_modified_for_a_renewal() {
    let mut engine = remote();
    assert_eq!(engine.poll(at(0)).unwrap().entity_tag, None);
    answer(&mut engine, 200, &[(b"etag", b"\"1\"")], &key_set(&[jwk(1, "k")]));
    let fetch = engine.poll(at(300)).unwrap();
    assert_eq!(fetch.entity_tag.as_deref(), Some("\"1\""));
    let unchanged = FetchResponse::Received { status: 304, headers: &[], body: b"" };
    assert_eq!(engine.accept(KEYS, unchanged, at(300)), FetchOutcome::Unchanged);
    let good = token(1, "k", "https://a.test");
    assert_eq!(engine.feeds(at(300)).next().unwrap().age_seconds, Some(0));
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(300))), "allow");
}

#[test]
fn not_modified_without_anything_in_force_is_no_answer() {
    let mut engine = remote();
    engine.poll(at(0)).unwrap();
    let outcome = answer(&mut engine, 304, &[], "");
    assert_eq!(outcome, FetchOutcome::Kept(FetchError::Status(304)));
}

#[test]
fn one_engine_takes_over_what_another_fetched() {
    let (mut first, mut second) = (remote(), remote());
    first.poll(at(0)).unwrap();
    answer(&mut first, 200, &[(b"etag", b"\"1\"")], &key_set(&[jwk(1, "k")]));
    let publication = first.publication(KEYS).unwrap();
    assert!(matches!(second.adopt(KEYS, publication, at(5)), FetchOutcome::Accepted(_)));
    assert_eq!(second.adopt(KEYS, publication, at(5)), FetchOutcome::Unchanged);
    assert_eq!(second.feeds(at(5)).next().unwrap().age_seconds, Some(5));
    let good = token(1, "k", "https://a.test");
    assert_eq!(code(&decide(&mut second, "/read", Some(&good), at(5))), "allow");
    assert!(second.poll(at(5)).is_none(), "nothing is left to fetch");
}

#[test]
fn j08_j09_what_is_taken_over_is_checked_and_only_goes_forward() {
    let mut engine = remote();
    engine.poll(at(0)).unwrap();
    answer(&mut engine, 200, &[], &key_set(&[jwk(1, "k")]));
    let older = key_set(&[jwk(2, "k")]);
    let publication = |body, received| Publication { body, entity_tag: None, received };
    let yesterday = Timestamp::from_unix_seconds(NOW - 86_400);
    let outcome = engine.adopt(KEYS, publication(older.as_bytes(), yesterday), at(1));
    assert_eq!(outcome, FetchOutcome::Kept(FetchError::Rollback));
    for broken in [&b"<html>"[..], b"", br#"{"keys":[]}"#] {
        let outcome = engine.adopt(KEYS, publication(broken, at(1)), at(1));
        assert!(matches!(outcome, FetchOutcome::Kept(FetchError::KeySet(_))), "{outcome:?}");
    }
    let good = token(1, "k", "https://a.test");
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(1))), "allow");
}

#[test]
fn a_yielded_fetch_is_no_failure() {
    let mut engine = remote();
    let feed = engine.poll(at(0)).unwrap().feed;
    engine.yield_fetch(feed, at(0));
    assert!(engine.poll(at(0)).is_none());
    assert!(engine.poll(at(1)).is_some());
}

#[test]
fn an_answer_that_nobody_asked_for_changes_nothing() {
    let body = key_set(&[jwk(1, "k")]);
    let response = || FetchResponse::Received { status: 200, headers: &[], body: body.as_bytes() };
    let publication = || Publication { body: body.as_bytes(), entity_tag: None, received: at(0) };
    let unexpected = FetchOutcome::Kept(FetchError::Unexpected);
    let stranger = FeedId { issuer: 7, kind: FeedKind::KeySet };
    let list = FeedId { issuer: 0, kind: FeedKind::StatusList };
    for feed in [KEYS, stranger, list] {
        let mut engine = engine_with(&json!({}));
        assert_eq!(engine.accept(feed, response(), at(0)), unexpected, "{feed:?}");
        assert_eq!(engine.adopt(feed, publication(), at(0)), unexpected, "{feed:?}");
        assert!(engine.publication(feed).is_none());
    }
}
