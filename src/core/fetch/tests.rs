use std::prelude::v1::*;

use super::*;
use crate::key::KeyError;

#[test]
fn a_feed_says_whose_it_is_and_what_it_brings() {
    for (kind, text) in [(FeedKind::KeySet, "key set"), (FeedKind::StatusList, "status list")] {
        let feed = FeedId { issuer: 3, kind };
        assert_eq!((feed.issuer(), feed.kind()), (3, kind));
        assert_eq!(feed.kind().to_string(), text);
    }
}

#[test]
fn an_answer_that_is_not_used_says_where_to_look() {
    let exposed = KeySetError::Exposed { index: 1, error: KeyError::Private };
    for (error, expected) in [
        (FetchError::Failed, "check that the issuer runs"),
        (FetchError::KeySet(KeySetError::Empty), "no usable key"),
        (FetchError::KeySet(exposed), "keys[1]: private key members"),
        (FetchError::Rollback, "older than what is in force"),
        (FetchError::Status(302), "status 302 instead of 200"),
        (FetchError::Unexpected, "nobody asked for"),
        (FetchError::StatusList(StatusListError::Expired), "expired or from the future"),
        (FetchError::StatusList(StatusListError::Foreign), "another issuer's"),
        (FetchError::StatusList(StatusListError::Malformed), "not a status list token"),
        (FetchError::StatusList(StatusListError::Signature), "signature of the list"),
        (FetchError::StatusList(StatusListError::TooLarge), "larger than an edge keeps"),
        (FetchError::StatusList(StatusListError::Type), "another type than statuslist+jwt"),
        (FetchError::StatusList(StatusListError::UnknownKey), "not in the key set in force"),
    ] {
        assert!(error.to_string().contains(expected), "{error}");
    }
}
