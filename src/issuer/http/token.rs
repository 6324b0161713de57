//! The token endpoint (RFC 6749 s4.4).
//!
//! ```text
//! body -> form -> credentials -> client -> grant type -> scope, audience -> signature -> audit -> reply
//! ```

use std::net::IpAddr;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::caller;
use super::form::Form;
use super::refusal::Refusal;
use crate::audit::{Attempt, Event, Outcome};
use crate::authenticate::Authenticated;
use crate::clock;
use crate::grant;
use crate::issuer::Issuer;
use crate::token::{Grant, issue};

/// The address of the caller: the peer of the connection, never a header that anyone can write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source(pub(crate) IpAddr);

/// RFC 6749 s5.1.
#[derive(Serialize)]
struct Reply {
    access_token: String,
    token_type: &'static str,
    expires_in: u32,
    scope: String,
}

pub(super) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    Extension(Source(source)): Extension<Source>,
    request: Request<Body>,
) -> Response {
    let mut attempt = Attempt::begin(Event::TokenRequest, source);
    let outcome = decide_in_turn(&issuer, request, &mut attempt).await;
    if outcome.is_ok() {
        (attempt.outcome, attempt.reason) = (Outcome::Granted, "granted");
    }
    caller::conclude(&issuer, attempt, outcome).await
}

/// Any method but POST. An attempt too, and parameters in an address are worth a line.
pub(super) async fn refuse_method(
    State(issuer): State<Arc<Issuer>>,
    Extension(Source(source)): Extension<Source>,
) -> Response {
    let attempt = Attempt::begin(Event::TokenRequest, source);
    caller::conclude(&issuer, attempt, Err::<Reply, _>(Refusal::MethodNotAllowed)).await
}

async fn decide_in_turn(
    issuer: &Issuer,
    request: Request<Body>,
    attempt: &mut Attempt,
) -> Result<Reply, Refusal> {
    let _place = issuer.take_place().ok_or(Refusal::Overloaded)?;
    let (form, credentials) = caller::read(request, attempt).await?;
    let now = clock::now();
    let snapshot = issuer.snapshot();
    let authenticated = caller::check(issuer, &snapshot, &credentials, attempt, now)?;
    check_grant_type(&form)?;
    if !authenticated.client.may_get_tokens {
        return Err(Refusal::UnauthorizedClient);
    }
    let grant = decide_grant(&form, &authenticated, attempt)?;
    let signer = snapshot.signer().ok_or(Refusal::SignerUnavailable)?;
    let token = issue(&grant, &issuer.url, signer, now).map_err(|_| Refusal::SignerUnavailable)?;
    attempt.jti = Some(token.jti);
    attempt.key_id = Some(signer.key_id.clone());
    Ok(Reply {
        access_token: token.text,
        token_type: "Bearer",
        expires_in: grant.lifetime,
        scope: grant.scope,
    })
}

fn decide_grant<'a>(
    form: &Form,
    authenticated: &Authenticated<'a>,
    attempt: &mut Attempt,
) -> Result<Grant<'a>, Refusal> {
    let client = authenticated.client;
    let requested: Vec<&str> = form.all("resource").collect();
    attempt.note_request(form.value("scope"), &requested);
    let scope = grant::scope(form.value("scope"), client).map_err(Refusal::Scope)?;
    let audience = grant::audience(&requested, client).map_err(Refusal::Target)?;
    // None only if somebody else wrote the database: such a token could not be taken back.
    let status_index = authenticated.secret.status_index.ok_or(Refusal::StatusUnavailable)?;
    attempt.note_grant(&scope, &audience);
    let lifetime = client.token_lifetime;
    Ok(Grant { client_id: &client.client_id, audience, scope, lifetime, status_index })
}

/// An absent grant type is a broken request; an empty or unknown one is a grant we do not have.
fn check_grant_type(form: &Form) -> Result<(), Refusal> {
    match form.value("grant_type") {
        Some("client_credentials") => Ok(()),
        None if !form.has("grant_type") => Err(Refusal::GrantMissing),
        Some(_) | None => Err(Refusal::GrantUnsupported),
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, "application/json"),
            // RFC 6749 s5.1: a token must not stay in a cache.
            (CACHE_CONTROL, "no-store"),
            (PRAGMA, "no-cache"),
        ];
        match serde_json::to_vec(&self) {
            Ok(body) => (headers, body).into_response(),
            Err(_) => Refusal::SignerUnavailable.into_response(),
        }
    }
}
