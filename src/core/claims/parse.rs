//! From an authentic payload to claims.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::sync::Arc;

use serde::de::MapAccess;

use super::audience::Audience;
use super::confirmation::{Confirmation, RawConfirmation};
use super::date::{self, DateError, Rounding};
use super::profile::{Names, Presence, Profile};
use super::scope::{self, RawScope};
use super::status::{RawStatus, StatusReference};
use super::{ClaimError, Claims};
use crate::json::{self, JsonError, Members, Scalar, Value};
use crate::time::Timestamp;

/// Reads every claim that decides something and checks what depends on the issuer alone.
pub(super) fn parse(
    payload: &[u8],
    issuer: &str,
    profile: Profile,
    status_list: Option<&str>,
) -> Result<Claims, ClaimError> {
    let names = profile.names();
    let mut raw = RawClaims::new(names);
    json::read_object(payload, &mut raw).map_err(|error| match error {
        JsonError::Duplicate => ClaimError::Duplicate,
        JsonError::Malformed | JsonError::NotAnObject => ClaimError::Json,
    })?;
    check_issuer(raw.issuer.as_ref(), issuer)?;
    check_mark(names, raw.mark.as_ref())?;
    let client_id = client_id(raw.client_ids)?;
    let subject = match raw.subject {
        None if names.subject_presence == Presence::Optional => Arc::clone(&client_id),
        claim => required(claim)?,
    };
    Ok(Claims {
        audience: match raw.audience {
            None if names.client_is_audience => Audience::new(&[Cow::Borrowed(&*client_id)]),
            claim => audience(claim)?,
        },
        expires: expires(raw.expires.as_ref())?,
        not_before: not_before(raw.not_before.as_ref())?,
        issued_at: issued_at(raw.issued_at.as_ref())?,
        subject: if subject == client_id { Arc::clone(&client_id) } else { subject },
        client_id,
        token_id: match raw.token_id {
            None if names.token_id_presence == Presence::Optional => Arc::from(""),
            claim => required(claim)?,
        },
        scope: scope::read(raw.scopes, names.scope_may_be_list)?,
        confirmation: raw.confirmation.map(Box::new),
        status: match (raw.status, status_list) {
            (Some(status), Some(name)) => status.finish(name),
            _ => StatusReference::None,
        },
    })
}

struct RawClaims<'de> {
    names: &'static Names,
    issuer: Option<Scalar<'de>>,
    subject: Option<Scalar<'de>>,
    /// By position in the profile's names.
    client_ids: [Option<Scalar<'de>>; 2],
    token_id: Option<Scalar<'de>>,
    audience: Option<Scalar<'de>>,
    /// By position in the profile's names.
    scopes: RawScope<'de>,
    mark: Option<Scalar<'de>>,
    expires: Option<Scalar<'de>>,
    not_before: Option<Scalar<'de>>,
    issued_at: Option<Scalar<'de>>,
    confirmation: Option<Confirmation>,
    status: Option<RawStatus<'de>>,
}

impl<'de> RawClaims<'de> {
    fn new(names: &'static Names) -> Self {
        Self {
            names,
            issuer: None,
            subject: None,
            client_ids: [None, None],
            token_id: None,
            audience: None,
            scopes: [None, None],
            mark: None,
            expires: None,
            not_before: None,
            issued_at: None,
            confirmation: None,
            status: None,
        }
    }

    /// The place for a claim that has another name with every issuer.
    fn named(&mut self, name: &str) -> Option<&mut Option<Scalar<'de>>> {
        let names = self.names;
        let position = |among: &[&str]| among.iter().position(|other| *other == name);
        if name == names.token_id {
            return Some(&mut self.token_id);
        }
        if let Some(position) = position(names.client_id) {
            return self.client_ids.get_mut(position);
        }
        if let Some(position) = position(names.scope) {
            return self.scopes.get_mut(position);
        }
        let is_mark = names.mark.is_some_and(|(claim, _)| claim == name);
        is_mark.then_some(&mut self.mark)
    }
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
            "aud" => &mut self.audience,
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
            _ => match self.named(name) {
                Some(claim) => claim,
                None => return value.skip(),
            },
        };
        *claim = Some(value.read()?);
        Ok(())
    }
}

/// An ID token signed by the same key must not pass for an access token.
fn check_mark(names: &Names, claim: Option<&Scalar<'_>>) -> Result<(), ClaimError> {
    let Some((_, allowed)) = names.mark else { return Ok(()) };
    match claim {
        Some(Scalar::Text(text)) if allowed.contains(&text.as_ref()) => Ok(()),
        _ => Err(ClaimError::Required),
    }
}

/// Two names for the client that differ would be two clients.
fn client_id(claims: [Option<Scalar<'_>>; 2]) -> Result<Arc<str>, ClaimError> {
    let [first, second] = claims;
    match (first, second) {
        (Some(first), Some(second)) if first != second => Err(ClaimError::Required),
        (first, second) => required(first.or(second)),
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

/// Members of an `aud` array.
const MAXIMUM_AUDIENCES: usize = 16;

/// Bytes of `sub`, `client_id` and `jti`.
const MAXIMUM_IDENTIFIER: usize = 256;
