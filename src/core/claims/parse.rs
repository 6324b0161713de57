//! From an authentic payload to claims.

use alloc::boxed::Box;
use alloc::sync::Arc;

use serde::de::MapAccess;

use super::audience::Audience;
use super::confirmation::{Confirmation, RawConfirmation};
use super::date::{self, DateError, Rounding};
use super::status::{RawStatus, StatusReference};
use super::{ClaimError, Claims};
use crate::json::{self, JsonError, Members, Scalar, Value};
use crate::time::Timestamp;

/// Reads every claim that decides something and checks what depends on the issuer alone.
pub(super) fn parse(
    payload: &[u8],
    issuer: &str,
    status_list: Option<&str>,
) -> Result<Claims, ClaimError> {
    let mut raw = RawClaims::default();
    json::read_object(payload, &mut raw).map_err(|error| match error {
        JsonError::Duplicate => ClaimError::Duplicate,
        JsonError::Malformed | JsonError::NotAnObject => ClaimError::Json,
    })?;
    check_issuer(raw.issuer.as_ref(), issuer)?;
    let client_id: Arc<str> = required(raw.client_id)?;
    let subject = required(raw.subject)?;
    Ok(Claims {
        audience: audience(raw.audience)?,
        expires: expires(raw.expires.as_ref())?,
        not_before: not_before(raw.not_before.as_ref())?,
        issued_at: issued_at(raw.issued_at.as_ref())?,
        subject: if subject == client_id { Arc::clone(&client_id) } else { subject },
        client_id,
        token_id: required(raw.token_id)?,
        scope: scope(raw.scope)?,
        confirmation: raw.confirmation.map(Box::new),
        status: match (raw.status, status_list) {
            (Some(status), Some(name)) => status.finish(name),
            _ => StatusReference::None,
        },
    })
}

#[derive(Default)]
struct RawClaims<'de> {
    issuer: Option<Scalar<'de>>,
    subject: Option<Scalar<'de>>,
    client_id: Option<Scalar<'de>>,
    token_id: Option<Scalar<'de>>,
    audience: Option<Scalar<'de>>,
    scope: Option<Scalar<'de>>,
    expires: Option<Scalar<'de>>,
    not_before: Option<Scalar<'de>>,
    issued_at: Option<Scalar<'de>>,
    confirmation: Option<Confirmation>,
    status: Option<RawStatus<'de>>,
}

impl<'de> Members<'de> for RawClaims<'de> {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        let claim = match name {
            "iss" => &mut self.issuer,
            "sub" => &mut self.subject,
            "client_id" => &mut self.client_id,
            "jti" => &mut self.token_id,
            "aud" => &mut self.audience,
            "scope" => &mut self.scope,
            "exp" => &mut self.expires,
            "nbf" => &mut self.not_before,
            "iat" => &mut self.issued_at,
            "cnf" => {
                let mut raw = RawConfirmation::default();
                value.read_object(&mut raw)?;
                self.confirmation = Some(raw.finish());
                return Ok(());
            }
            "status" => return value.read_object(self.status.insert(RawStatus::default())),
            _ => return value.skip(),
        };
        *claim = Some(value.read()?);
        Ok(())
    }
}

/// RFC 9068 s4: "exactly match". No trimming, no case folding, no prefix (CVE-2024-53861).
fn check_issuer(claim: Option<&Scalar<'_>>, issuer: &str) -> Result<(), ClaimError> {
    match claim {
        Some(Scalar::Text(name)) if name == issuer => Ok(()),
        _ => Err(ClaimError::Issuer),
    }
}

fn audience(claim: Option<Scalar<'_>>) -> Result<Audience, ClaimError> {
    match claim {
        Some(Scalar::Text(one)) => Ok(Audience::new(&[one])),
        Some(Scalar::Texts(several)) if several.len() <= MAXIMUM_AUDIENCES => {
            Ok(Audience::new(&several))
        }
        _ => Err(ClaimError::Audience),
    }
}

fn expires(claim: Option<&Scalar<'_>>) -> Result<Timestamp, ClaimError> {
    date(claim, Rounding::Down, ClaimError::Expired)?.ok_or(ClaimError::Expired)
}

fn not_before(claim: Option<&Scalar<'_>>) -> Result<Option<Timestamp>, ClaimError> {
    date(claim, Rounding::Up, ClaimError::NotBefore)
}

fn issued_at(claim: Option<&Scalar<'_>>) -> Result<Timestamp, ClaimError> {
    date(claim, Rounding::Up, ClaimError::IssuedAt)?.ok_or(ClaimError::IssuedAt)
}

fn date(
    claim: Option<&Scalar<'_>>,
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

fn required(claim: Option<Scalar<'_>>) -> Result<Arc<str>, ClaimError> {
    match claim {
        Some(Scalar::Text(text))
            if (1..=MAXIMUM_IDENTIFIER).contains(&text.len())
                && !text.contains(char::is_control) =>
        {
            Ok(text.into())
        }
        _ => Err(ClaimError::Required),
    }
}

/// RFC 6749 s3.3: scope tokens of printable characters, one space between them.
fn scope(claim: Option<Scalar<'_>>) -> Result<Arc<str>, ClaimError> {
    let text = match claim {
        None => return Ok(Arc::from("")),
        Some(Scalar::Text(text)) => text,
        Some(_) => return Err(ClaimError::Scope),
    };
    let well_formed = text.is_empty() || text.split(' ').all(is_scope_token);
    if well_formed { Ok(text.into()) } else { Err(ClaimError::Scope) }
}

/// Whether the text is one `scope-token` (RFC 6749 s3.3).
pub(crate) fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// Members of an `aud` array.
const MAXIMUM_AUDIENCES: usize = 16;

/// Bytes of `sub`, `client_id` and `jti`.
const MAXIMUM_IDENTIFIER: usize = 256;
