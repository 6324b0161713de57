//! The addresses of an issuer.

mod body;
mod caller;
mod credentials;
mod entity_tag;
mod form;
mod health;
mod key_set;
mod metadata;
mod metrics;
mod refusal;
mod revoke;
mod status_list;
mod token;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use self::metadata::Metadata;
pub(crate) use self::metrics::metrics_router;
pub(crate) use self::token::Source;
use crate::config::IssuerUrl;
use crate::issuer::Issuer;
use crate::status::{AGGREGATION_PATH, STATUS_LIST_PATH};

/// Below the issuer URL.
const TOKEN_PATH: &str = "/oauth2/token";
const REVOCATION_PATH: &str = "/revoke";
const KEY_SET_PATH: &str = "/.well-known/jwks.json";

/// All routes. Paths follow from the issuer URL alone; `Host` and `Forwarded` are never read, so
/// they can poison nothing.
pub(crate) fn router(issuer: Arc<Issuer>) -> Router {
    let url = &issuer.url;
    let mut documents = Router::new();
    for path in metadata_paths(url) {
        documents = documents.route(&path, get(metadata::answer));
    }
    let documents = documents.with_state(Metadata::of(url));
    Router::new()
        .route(
            &format!("{}{TOKEN_PATH}", url.path()),
            post(token::answer).fallback(token::refuse_method),
        )
        .route(
            &format!("{}{REVOCATION_PATH}", url.path()),
            post(revoke::answer).fallback(revoke::refuse_method),
        )
        .route(&format!("{}{KEY_SET_PATH}", url.path()), get(key_set::answer))
        .route(
            &format!("{}{STATUS_LIST_PATH}", url.path()),
            get(status_list::answer).options(status_list::preflight),
        )
        .route(&format!("{}{AGGREGATION_PATH}", url.path()), get(status_list::aggregation))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(issuer)
        .merge(documents)
}

/// RFC 8414 s3.1, and the two forms of the older name that clients of `OpenID` Connect look for.
fn metadata_paths(url: &IssuerUrl) -> BTreeSet<String> {
    BTreeSet::from([
        url.well_known_path("oauth-authorization-server"),
        url.well_known_path("openid-configuration"),
        format!("{}/.well-known/openid-configuration", url.path()),
    ])
}
