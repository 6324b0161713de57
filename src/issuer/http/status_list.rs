//! The status list: at once, or when it changes (a long poll).

use core::time::Duration;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_TYPE, ETAG,
    RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::entity_tag::is_known;
use super::form::Form;
use crate::clock;
use crate::issuer::Issuer;
use crate::status::{STATUS_LIST_PATH, StatusDocument, TIME_TO_LIVE};

const MEDIA_TYPE: &str = "application/statuslist+jwt";

/// Longest wait in seconds: proxies on the way cut longer silence.
const MAX_WAIT: u64 = 60;

/// The list is public, so a page of any origin may read it (draft-ietf-oauth-status-list s8.1).
const CORS: [(HeaderName, &str); 2] =
    [(ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (ACCESS_CONTROL_EXPOSE_HEADERS, "etag")];

/// What a caller asks for beside the list itself.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// The list, if need be when it has changed within this time.
    Within(Duration),
    /// A list of the past, which nobody keeps.
    History,
    Malformed,
}

pub(super) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match parse(query.as_deref().unwrap_or_default()) {
        Wanted::Within(patience) => wait(&issuer, &headers, patience).await,
        // s8.4: the answer of an issuer that does not keep old lists.
        Wanted::History => (StatusCode::NOT_IMPLEMENTED, CORS).into_response(),
        Wanted::Malformed => (StatusCode::BAD_REQUEST, CORS).into_response(),
    }
}

/// Before a page may send `If-None-Match`, its browser asks.
pub(super) async fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "accept, if-none-match"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, CORS, headers).into_response()
}

/// All lists of this issuer (s9): one.
pub(super) async fn aggregation(State(issuer): State<Arc<Issuer>>) -> Response {
    let body = json!({ "status_lists": [issuer.url.below(STATUS_LIST_PATH)] }).to_string();
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    (CORS, headers, body).into_response()
}

async fn wait(issuer: &Issuer, headers: &HeaderMap, patience: Duration) -> Response {
    let known = issuer.status_feed.current().map_or(0, |document| document.sequence);
    let is_known = |document: &StatusDocument| is_known(headers, &document.entity_tag);
    let document = issuer.status_feed.wait(is_known, patience).await;
    let Some(document) = document else {
        let headers = [(RETRY_AFTER, "5"), (CACHE_CONTROL, "no-store")];
        return (StatusCode::SERVICE_UNAVAILABLE, CORS, headers).into_response();
    };
    if known != 0 && document.sequence > known {
        let delay = clock::now_milliseconds().saturating_sub(document.changed_at);
        issuer.metrics.observe_propagation(delay);
    }
    send(&document, is_known(&document))
}

fn send(document: &StatusDocument, is_known: bool) -> Response {
    let tags =
        [(ETAG, document.entity_tag.clone()), (CACHE_CONTROL, format!("max-age={TIME_TO_LIVE}"))];
    if is_known {
        return (StatusCode::NOT_MODIFIED, CORS, tags).into_response();
    }
    (CORS, tags, [(CONTENT_TYPE, MEDIA_TYPE)], document.body.clone()).into_response()
}

/// Unknown parameters are for others, such as caches; ours are read strictly.
fn parse(query: &str) -> Wanted {
    let Ok(form) = Form::parse(query.as_bytes()) else { return Wanted::Malformed };
    if form.has("time") {
        return Wanted::History;
    }
    if !form.has("wait") {
        return Wanted::Within(Duration::ZERO);
    }
    let digits = form.value("wait").filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|text| text.parse().ok()) {
        Some(seconds) if seconds <= MAX_WAIT => Wanted::Within(Duration::from_secs(seconds)),
        _ => Wanted::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_how_long_to_wait() {
        let within = |seconds| Wanted::Within(Duration::from_secs(seconds));
        for (query, expected) in [
            ("", within(0)),
            ("wait=0", within(0)),
            ("wait=60&x=1", within(60)),
            ("wait=61", Wanted::Malformed),
            ("wait=-1", Wanted::Malformed),
            ("wait=+1", Wanted::Malformed),
            ("wait=", Wanted::Malformed),
            ("wait=1&wait=2", Wanted::Malformed),
            ("wait=%zz", Wanted::Malformed),
            ("wait=99999999999999999999", Wanted::Malformed),
            ("time=1700000000", Wanted::History),
            ("time=1&wait=5", Wanted::History),
        ] {
            assert_eq!(parse(query), expected, "{query}");
        }
    }
}
