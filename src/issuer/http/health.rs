//! Is it running, and can it do its work?

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::clock;
use crate::issuer::Issuer;

/// The process runs. Says nothing of keys or database: a restart would cure neither.
pub(super) async fn live() -> Response {
    answer(StatusCode::OK, r#"{"status":"live"}"#)
}

/// Tokens can be issued: there is an active key and the clock is right.
pub(super) async fn ready(State(issuer): State<Arc<Issuer>>) -> Response {
    if issuer.snapshot().signer().is_none() {
        return answer(
            StatusCode::SERVICE_UNAVAILABLE,
            r#"{"status":"not ready","reason":"no active signing key"}"#,
        );
    }
    if !issuer.clock_admits(clock::now()) {
        return answer(
            StatusCode::SERVICE_UNAVAILABLE,
            r#"{"status":"not ready","reason":"the clock was set back"}"#,
        );
    }
    answer(StatusCode::OK, r#"{"status":"ready"}"#)
}

fn answer(status: StatusCode, body: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}
