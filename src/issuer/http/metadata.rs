//! Authorization server metadata (RFC 8414).

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use hyper::body::Bytes;
use serde::Serialize;

use super::{KEY_SET_PATH, REVOCATION_PATH, TOKEN_PATH};
use crate::config::IssuerUrl;
use crate::status::AGGREGATION_PATH;

/// The document, written once: it depends on the configuration alone.
#[derive(Clone)]
pub(super) struct Metadata(Bytes);

/// The defaults of RFC 8414 s2 describe browser flows, so every member is said explicitly. Scopes
/// are left out: their names are no business of strangers.
#[derive(Serialize)]
struct Document<'a> {
    issuer: &'a str,
    token_endpoint: String,
    jwks_uri: String,
    response_types_supported: [&'static str; 0],
    grant_types_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint: String,
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
    status_list_aggregation_endpoint: String,
}

/// How clients authenticate, at both endpoints.
const METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];

impl Metadata {
    pub(super) fn of(issuer: &IssuerUrl) -> Self {
        let document = Document {
            issuer: issuer.as_str(),
            token_endpoint: issuer.below(TOKEN_PATH),
            jwks_uri: issuer.below(KEY_SET_PATH),
            response_types_supported: [],
            grant_types_supported: ["client_credentials"],
            token_endpoint_auth_methods_supported: METHODS,
            revocation_endpoint: issuer.below(REVOCATION_PATH),
            revocation_endpoint_auth_methods_supported: METHODS,
            status_list_aggregation_endpoint: issuer.below(AGGREGATION_PATH),
        };
        // Strings alone: there is nothing in it that could fail to be written.
        Self(serde_json::to_vec(&document).unwrap_or_default().into())
    }
}

pub(super) async fn answer(State(metadata): State<Metadata>) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, metadata.0).into_response()
}
