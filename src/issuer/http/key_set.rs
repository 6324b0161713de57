//! The published keys.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::issuer::Issuer;

/// How long caches may keep the key set: a new key is announced for twice as long before use.
const CACHE: &str = "public, max-age=300";

pub(super) async fn answer(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    let snapshot = issuer.snapshot();
    let key_set = snapshot.key_set();
    let tags = [(ETAG, key_set.entity_tag.as_str()), (CACHE_CONTROL, CACHE)];
    if is_known(&headers, &key_set.entity_tag) {
        return (StatusCode::NOT_MODIFIED, tags).into_response();
    }
    (tags, [(CONTENT_TYPE, "application/json")], key_set.body.clone()).into_response()
}

/// RFC 9110 s13.1.2: a list of tags, compared weakly, or `*`.
fn is_known(headers: &HeaderMap, entity_tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == entity_tag)
}
