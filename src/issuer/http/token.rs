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
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use axum::http::{HeaderMap, Request};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::credentials::AuthMethod;
use super::form::{Form, FormError};
use super::refusal::Refusal;
use super::{body, credentials};
use crate::audit::{Attempt, Outcome};
use crate::authenticate::authenticate;
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
    let mut attempt = Attempt::begin(source);
    let outcome = decide_in_turn(&issuer, request, &mut attempt).await;
    conclude(&issuer, attempt, outcome).await
}

/// Any method but POST. An attempt too, and parameters in an address are worth a line.
pub(super) async fn refuse_method(
    State(issuer): State<Arc<Issuer>>,
    Extension(Source(source)): Extension<Source>,
) -> Response {
    conclude(&issuer, Attempt::begin(source), Err(Refusal::MethodNotAllowed)).await
}

async fn conclude(
    issuer: &Issuer,
    mut attempt: Attempt,
    outcome: Result<Reply, Refusal>,
) -> Response {
    match &outcome {
        Ok(_) => (attempt.outcome, attempt.reason) = (Outcome::Granted, "granted"),
        Err(refusal) => attempt.reason = refusal.reason(),
    }
    // What cannot be recorded is not granted.
    let recorded = issuer.audit.record(&attempt).await.map_err(|_| Refusal::AuditUnavailable);
    match recorded.and(outcome) {
        Ok(reply) => reply.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn decide_in_turn(
    issuer: &Issuer,
    request: Request<Body>,
    attempt: &mut Attempt,
) -> Result<Reply, Refusal> {
    let _place = issuer.take_place().ok_or(Refusal::Overloaded)?;
    decide(issuer, request, attempt).await
}

async fn decide(
    issuer: &Issuer,
    request: Request<Body>,
    attempt: &mut Attempt,
) -> Result<Reply, Refusal> {
    if request.uri().query().is_some() {
        return Err(Refusal::Query);
    }
    let (parts, body) = request.into_parts();
    let bytes = body::read_form(&parts.headers, body).await?;
    let form = Form::parse(&bytes).map_err(refuse_form)?;
    let (method, credentials) = credentials::find(&parts.headers, &form)
        .inspect_err(|_| note_claim(&parts.headers, &form, attempt))?;
    attempt.auth_method = Some(method.name());
    attempt.claim_client(&credentials.client_id);

    let now = clock::now();
    if !issuer.clock_admits(now) {
        return Err(Refusal::ClockWrong);
    }
    if !issuer.freshness.admits() {
        return Err(Refusal::SnapshotStale);
    }
    let snapshot = issuer.snapshot();
    let authenticated =
        authenticate(&credentials, &snapshot, &issuer.pepper, now).map_err(Refusal::Credentials)?;
    attempt.credential_id = Some(authenticated.secret.secret_id.clone());
    issuer.note_use(&authenticated.secret.secret_id, now);

    let client = authenticated.client;
    check_grant_type(&form)?;
    if !client.may_get_tokens {
        return Err(Refusal::UnauthorizedClient);
    }
    let grant = decide_grant(&form, client, attempt)?;
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

/// Whom a caller claims to be whose credentials are not even whole.
fn note_claim(headers: &HeaderMap, form: &Form, attempt: &mut Attempt) {
    let (method, client_id) = credentials::claim(headers, form);
    attempt.auth_method = method.map(AuthMethod::name);
    if let Some(client_id) = client_id {
        attempt.claim_client(&client_id);
    }
}

fn decide_grant<'a>(
    form: &Form,
    client: &'a crate::store::Client,
    attempt: &mut Attempt,
) -> Result<Grant<'a>, Refusal> {
    let requested: Vec<&str> = form.all("resource").collect();
    attempt.note_request(form.value("scope"), &requested);
    let scope = grant::scope(form.value("scope"), client).map_err(Refusal::Scope)?;
    let audience = grant::audience(&requested, client).map_err(Refusal::Target)?;
    attempt.note_grant(&scope, &audience);
    Ok(Grant { client_id: &client.client_id, audience, scope, lifetime: client.token_lifetime })
}

/// An absent grant type is a broken request; an empty or unknown one is a grant we do not have.
fn check_grant_type(form: &Form) -> Result<(), Refusal> {
    match form.value("grant_type") {
        Some("client_credentials") => Ok(()),
        None if !form.has("grant_type") => Err(Refusal::GrantMissing),
        Some(_) | None => Err(Refusal::GrantUnsupported),
    }
}

fn refuse_form(error: FormError) -> Refusal {
    match error {
        FormError::Malformed => Refusal::FormMalformed,
        FormError::Repeated => Refusal::ParameterRepeated,
        FormError::TooMany => Refusal::ParametersTooMany,
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
