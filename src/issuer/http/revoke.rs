//! The revocation endpoint (RFC 7009): a client gives back one of its tokens.
//!
//! ```text
//! body -> credentials -> client -> token of ours? of this client? -> disk -> status list -> audit -> 200
//! ```

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::response::{IntoResponse, Response};

use super::refusal::Refusal;
use super::{Source, caller};
use crate::audit::{Attempt, Event, Outcome};
use crate::clock;
use crate::issuer::Issuer;
use crate::own_token::{NotOurs, OwnToken, recognise};
use crate::status::RevokedToken;
use crate::store::Revocation;

/// RFC 7009 s2.2: 200 says that the token is good for nothing, whatever it was before.
struct Done;

pub(super) async fn answer(
    State(issuer): State<Arc<Issuer>>,
    Extension(Source(source)): Extension<Source>,
    request: Request<Body>,
) -> Response {
    let mut attempt = Attempt::begin(Event::TokenRevocation, source);
    let outcome = decide_in_turn(&issuer, request, &mut attempt).await;
    caller::conclude(&issuer, attempt, outcome).await
}

pub(super) async fn refuse_method(
    State(issuer): State<Arc<Issuer>>,
    Extension(Source(source)): Extension<Source>,
) -> Response {
    let attempt = Attempt::begin(Event::TokenRevocation, source);
    caller::conclude(&issuer, attempt, Err::<Done, _>(Refusal::MethodNotAllowed)).await
}

async fn decide_in_turn(
    issuer: &Issuer,
    request: Request<Body>,
    attempt: &mut Attempt,
) -> Result<Done, Refusal> {
    let _place = issuer.take_place().ok_or(Refusal::Overloaded)?;
    let (form, credentials) = caller::read(request, attempt).await?;
    let now = clock::now();
    let recognised = {
        let snapshot = issuer.snapshot();
        let authenticated = caller::check(issuer, &snapshot, &credentials, attempt, now)?;
        // `token_type_hint` may be wrong (s2.1), and there is one type of token only.
        let text = form.value("token").ok_or(Refusal::TokenMissing)?;
        let client_id = authenticated.client.client_id.as_str();
        recognise(text, &snapshot, &issuer.url, now).map(|token| own(token, client_id))
    };
    attempt.outcome = Outcome::Revoked;
    match recognised {
        // An attacker who tries strings learns nothing about them.
        Err(NotOurs::Unknown) => attempt.reason = "token_unknown",
        Err(NotOurs::Expired) => attempt.reason = "token_expired",
        Ok(revocation) => {
            let revocation = revocation.inspect_err(|_| attempt.outcome = Outcome::Refused)?;
            attempt.jti = Some(revocation.token.token_id.clone());
            attempt.reason = "revoked";
            issuer.revoker.revoke(revocation).await.map_err(|_| {
                attempt.outcome = Outcome::Refused;
                Refusal::RevocationUnavailable
            })?;
        }
    }
    Ok(Done)
}

/// RFC 7009 s2.1: nobody revokes the token of another client.
fn own(token: OwnToken, client_id: &str) -> Result<Revocation, Refusal> {
    if token.client_id != client_id {
        return Err(Refusal::ForeignToken);
    }
    let revoked = RevokedToken { token_id: token.jti, expires_at: token.exp };
    Ok(Revocation { token: revoked, client_id: token.client_id })
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")].into_response()
    }
}
