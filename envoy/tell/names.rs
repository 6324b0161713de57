//! Names of metrics. Envoy's have no labels, but it can cut them out of names: `stats_tags` in
//! `envoy/envoy.yaml` has the expressions. `;` cannot be in a label, so each ends where the next begins.
//!
//! The program and the policy make all names; what a request says never makes one.

use super::{Outcome, Update};
use crate::crypto::Backend;
use edgelatch_core::{Algorithm, FeedKind, FeedState, Freshness};

/// The value of a label that does not apply.
pub(super) const NONE: &str = "none";

/// Requests whose token was known.
pub(super) const CACHE_HITS: &str = "edgelatch.token_cache_hits";
/// Requests whose signature was checked.
pub(super) const CACHE_MISSES: &str = "edgelatch.token_cache_misses";
/// Tokens that the worker which spoke last knows.
pub(super) const CACHE_ENTRIES: &str = "edgelatch.token_cache_entries";
/// Bytes that they take.
pub(super) const CACHE_BYTES: &str = "edgelatch.token_cache_bytes";

pub(super) fn requests(outcome: Outcome, reason: &str, issuer: Option<&str>) -> String {
    let issuer = label(issuer.unwrap_or(NONE));
    format!("edgelatch.requests;outcome={};reason={reason};issuer={issuer}", outcome.name())
}

pub(super) fn backend(algorithm: Algorithm) -> String {
    format!("edgelatch.signature_on_host;algorithm={}", algorithm.name())
}

pub(super) fn checks(algorithm: Algorithm, backend: Backend) -> String {
    let backend = match backend {
        Backend::Host => "host",
        Backend::Filter => "filter",
    };
    format!("edgelatch.{backend}_signature_checks;algorithm={}", algorithm.name())
}

pub(super) fn verification(algorithm: Algorithm) -> String {
    format!("edgelatch.verification_microseconds;algorithm={}", algorithm.name())
}

pub(super) fn update(feed: &FeedState<'_>, update: Update) -> String {
    let update = match update {
        Update::Fetched => "fetched",
        Update::Failed => "failed",
        Update::Adopted => "adopted",
    };
    of_feed("feed_updates", feed, &format!(";outcome={update}"))
}

pub(super) fn state(feed: &FeedState<'_>, freshness: Freshness) -> String {
    let state = match freshness {
        Freshness::Empty => "empty",
        Freshness::Expired => "expired",
        Freshness::Fresh => "fresh",
        Freshness::Stale => "stale",
    };
    of_feed("feed_state", feed, &format!(";state={state}"))
}

pub(super) fn age(feed: &FeedState<'_>) -> String {
    of_feed("feed_age_seconds", feed, "")
}

pub(super) fn revocation_delay(feed: &FeedState<'_>) -> String {
    of_feed("revocation_delay_milliseconds", feed, "")
}

pub(super) fn last_revocation_delay(feed: &FeedState<'_>) -> String {
    of_feed("last_revocation_delay_milliseconds", feed, "")
}

fn of_feed(name: &str, feed: &FeedState<'_>, rest: &str) -> String {
    let kind = match feed.kind {
        FeedKind::KeySet => "key_set",
        FeedKind::StatusList => "status_list",
    };
    format!("edgelatch.{name};feed={kind};issuer={}{rest}", label(feed.issuer))
}

/// A text of the policy, without what would end the label.
fn label(text: &str) -> String {
    text.replace(|letter: char| letter == ';' || !letter.is_ascii_graphic(), "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_each_other() {
        assert_eq!(
            requests(Outcome::Denied, "clm.exp", Some("https://a.test/x")),
            "edgelatch.requests;outcome=denied;reason=clm.exp;issuer=https://a.test/x"
        );
        assert_eq!(
            requests(Outcome::Allowed, NONE, None),
            "edgelatch.requests;outcome=allowed;reason=none;issuer=none"
        );
    }

    #[test]
    fn a_label_cannot_begin_another() {
        assert_eq!(label("https://a.test;reason=x y\u{fc}"), "https://a.test_reason=x_y_");
    }
}
