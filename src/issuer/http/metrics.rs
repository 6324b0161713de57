//! What Prometheus reads, on a listener of its own.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::clock;
use crate::issuer::Issuer;

const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// One address and nothing else: whoever may read numbers may not ask for tokens here.
pub(crate) fn metrics_router(issuer: Arc<Issuer>) -> Router {
    Router::new().route("/metrics", get(answer)).with_state(issuer)
}

async fn answer(State(issuer): State<Arc<Issuer>>) -> Response {
    match issuer.metrics.write(&issuer, clock::now()) {
        Ok(text) => {
            let headers = [(CONTENT_TYPE, MEDIA_TYPE), (CACHE_CONTROL, "no-store")];
            (headers, text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
