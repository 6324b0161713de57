//! From an authentic payload to claims.

use alloc::boxed::Box;
use alloc::sync::Arc;

use super::audience::Audience;
use super::confirmation::Confirmation;
use super::date::{self, DateError, Rounding};
use super::profile::{Names, Presence, Profile};
use super::scope;
use super::status::StatusReference;
use super::{ClaimError, Claims};
use crate::json::{self, JsonError, Object, Value};
use crate::time::Timestamp;

/// Reads every claim that decides something and checks what depends on the issuer alone.
pub(super) fn parse(
    payload: &[u8],
    issuer: &str,
    profile: Profile,
    status_list: Option<&str>,
) -> Result<Claims, ClaimError> {
    let names = profile.names();
    let claims = json::parse(payload).map_err(|error| match error {
        JsonError::Duplicate => ClaimError::Duplicate,
        JsonError::Malformed(_)
        | JsonError::NotAnObject
        | JsonError::NotText(_)
        | JsonError::Refused => ClaimError::Json,
    })?;
    check_issuer(&claims, issuer)?;
    check_mark(names, &claims)?;
    let client_id = client_id(names, &claims)?;
    let subject = match claims.get("sub") {
        None if names.subject_presence == Presence::Optional => Arc::clone(&client_id),
        claim => shared(required(claim)?, &client_id),
    };
    Ok(Claims {
        audience: match claims.get("aud") {
            None if names.client_is_audience => Audience::new(&[&*client_id]),
            claim => audience(claim)?,
        },
        expires: expires(claims.get("exp"))?,
        not_before: not_before(claims.get("nbf"))?,
        issued_at: issued_at(claims.get("iat"))?,
        subject,
        client_id,
        token_id: match claims.get(names.token_id) {
            None if names.token_id_presence == Presence::Optional => Arc::from(""),
            claim => required(claim)?.into(),
        },
        scope: scope::read(names, &claims)?,
        confirmation: claims.get("cnf").map(|claim| Box::new(Confirmation::read(claim))),
        status: match (claims.get("status"), status_list) {
            (Some(claim), Some(name)) => StatusReference::read(claim, name),
            _ => StatusReference::None,
        },
    })
}

/// RFC 9068 s4: "exactly match". No trimming, no case folding, no prefix (CVE-2024-53861).
fn check_issuer(claims: &Object<'_>, issuer: &str) -> Result<(), ClaimError> {
    if claims.text("iss") == Some(issuer) { Ok(()) } else { Err(ClaimError::Issuer) }
}

/// An ID token signed by the same key must not pass for an access token.
fn check_mark(names: &Names, claims: &Object<'_>) -> Result<(), ClaimError> {
    let Some((name, allowed)) = names.mark else { return Ok(()) };
    match claims.text(name) {
        Some(text) if allowed.contains(&text) => Ok(()),
        _ => Err(ClaimError::Required),
    }
}

/// Two names for the client that differ would be two clients.
fn client_id(names: &Names, claims: &Object<'_>) -> Result<Arc<str>, ClaimError> {
    let mut found = names.client_id.iter().filter_map(|name| claims.get(name));
    let client_id = required(found.next())?;
    let is_one = found.all(|other| other.text() == Some(client_id));
    if is_one { Ok(client_id.into()) } else { Err(ClaimError::Required) }
}

/// Who calls on its own behalf has one name in one place.
fn shared(subject: &str, client_id: &Arc<str>) -> Arc<str> {
    if subject == &**client_id { Arc::clone(client_id) } else { subject.into() }
}

fn audience(claim: Option<&Value<'_>>) -> Result<Audience, ClaimError> {
    match claim {
        Some(Value::Text(one)) => Ok(Audience::new(&[one])),
        Some(several) => match several.texts() {
            Some(several) if several.len() <= MAXIMUM_AUDIENCES => Ok(Audience::new(&several)),
            _ => Err(ClaimError::Audience),
        },
        None => Err(ClaimError::Audience),
    }
}

fn expires(claim: Option<&Value<'_>>) -> Result<Timestamp, ClaimError> {
    date(claim, Rounding::Down, ClaimError::Expired)?.ok_or(ClaimError::Expired)
}

fn not_before(claim: Option<&Value<'_>>) -> Result<Option<Timestamp>, ClaimError> {
    date(claim, Rounding::Up, ClaimError::NotBefore)
}

fn issued_at(claim: Option<&Value<'_>>) -> Result<Timestamp, ClaimError> {
    date(claim, Rounding::Up, ClaimError::IssuedAt)?.ok_or(ClaimError::IssuedAt)
}

fn date(
    claim: Option<&Value<'_>>,
    rounding: Rounding,
    out_of_range: ClaimError,
) -> Result<Option<Timestamp>, ClaimError> {
    let Some(value) = claim else { return Ok(None) };
    match date::parse(value, rounding) {
        Ok(date) => Ok(Some(date)),
        Err(DateError::NotANumber) => Err(ClaimError::Type),
        Err(DateError::OutOfRange) => Err(out_of_range),
    }
}

fn required<'c>(claim: Option<&'c Value<'_>>) -> Result<&'c str, ClaimError> {
    let text = claim.and_then(Value::text).ok_or(ClaimError::Required)?;
    let is_identifier =
        (1..=MAXIMUM_IDENTIFIER).contains(&text.len()) && !has_control_characters(text);
    if is_identifier { Ok(text) } else { Err(ClaimError::Required) }
}

fn has_control_characters(text: &str) -> bool {
    // Nearly all identifiers are ASCII, and need not be taken apart into characters.
    if text.is_ascii() {
        text.bytes().any(|byte| byte.is_ascii_control())
    } else {
        text.contains(char::is_control)
    }
}

/// Members of an `aud` array.
const MAXIMUM_AUDIENCES: usize = 16;

/// Bytes of `sub`, `client_id` and `jti`.
const MAXIMUM_IDENTIFIER: usize = 256;
