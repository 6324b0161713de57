//! What the endpoints for clients share: a form, one set of credentials, one line in the audit.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use axum::response::{IntoResponse, Response};

use super::credentials::AuthMethod;
use super::form::{Form, FormError};
use super::refusal::Refusal;
use super::{body, credentials};
use crate::audit::Attempt;
use crate::authenticate::{Authenticated, Credentials, authenticate};
use crate::issuer::Issuer;

/// Reads what the caller sent.
pub(super) async fn read(
    request: Request<Body>,
    attempt: &mut Attempt,
) -> Result<(Form, Credentials), Refusal> {
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
    Ok((form, credentials))
}

/// Checks who the caller is, if clock and snapshot can be trusted to say so.
pub(super) fn check<'a>(
    issuer: &Issuer,
    snapshot: &'a crate::snapshot::Snapshot,
    credentials: &Credentials,
    attempt: &mut Attempt,
    now: u64,
) -> Result<Authenticated<'a>, Refusal> {
    if !issuer.clock_admits(now) {
        return Err(Refusal::ClockWrong);
    }
    if !issuer.freshness.admits() {
        return Err(Refusal::SnapshotStale);
    }
    let authenticated =
        authenticate(credentials, snapshot, &issuer.pepper, now).map_err(Refusal::Credentials)?;
    attempt.credential_id = Some(authenticated.secret.secret_id.clone());
    issuer.note_use(&authenticated.secret.secret_id, now);
    Ok(authenticated)
}

/// Records the attempt, then answers.
pub(super) async fn conclude(
    issuer: &Issuer,
    mut attempt: Attempt,
    outcome: Result<impl IntoResponse, Refusal>,
) -> Response {
    if let Err(refusal) = &outcome {
        attempt.reason = refusal.reason();
    }
    // What cannot be recorded is not granted.
    let recorded = issuer.audit.record(&attempt).await.map_err(|_| Refusal::AuditUnavailable);
    let outcome = recorded.and(outcome);
    issuer.metrics.count(attempt.event, outcome.as_ref().err().map(|refusal| refusal.error()));
    match outcome {
        Ok(reply) => reply.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// Whom a caller claims to be whose credentials are not even whole.
fn note_claim(headers: &HeaderMap, form: &Form, attempt: &mut Attempt) {
    let (method, client_id) = credentials::claim(headers, form);
    attempt.auth_method = method.map(AuthMethod::name);
    if let Some(client_id) = client_id {
        attempt.claim_client(&client_id);
    }
}

fn refuse_form(error: FormError) -> Refusal {
    match error {
        FormError::Malformed => Refusal::FormMalformed,
        FormError::Repeated => Refusal::ParameterRepeated,
        FormError::TooMany => Refusal::ParametersTooMany,
    }
}
