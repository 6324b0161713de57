//! The published keys.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::entity_tag::is_known;
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
