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

/// Tokens can be issued: there is an active key, the clock is right, the database
/// can be read and the audit can be written.
pub(super) async fn ready(State(issuer): State<Arc<Issuer>>) -> Response {
    if issuer.snapshot().signer().is_none() {
        return not_ready(r#"{"status":"not ready","reason":"no active signing key"}"#);
    }
    if !issuer.clock_admits(clock::now()) {
        return not_ready(r#"{"status":"not ready","reason":"the clock was set back"}"#);
    }
    if !issuer.freshness.is_ready() {
        return not_ready(r#"{"status":"not ready","reason":"the database cannot be read"}"#);
    }
    if !issuer.audit.is_writable().await {
        return not_ready(r#"{"status":"not ready","reason":"the audit cannot be written"}"#);
    }
    answer(StatusCode::OK, r#"{"status":"ready"}"#)
}

fn not_ready(body: &'static str) -> Response {
    answer(StatusCode::SERVICE_UNAVAILABLE, body)
}

fn answer(status: StatusCode, body: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}
