//! From what an issuer sent to a list (draft-ietf-oauth-status-list s5.1, s8.3).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::StatusListError;
use super::list::StatusList;
use crate::algorithm::Algorithm;
use crate::base64;
use crate::json::{self, Object, Unexpected, Value};
use crate::keys::KeySet;
use crate::signature::Signed;
use crate::software;
use crate::time::Timestamp;
use crate::token;

/// A list, and when it was made.
#[derive(Clone, Debug)]
pub(crate) struct StatusDocument {
    pub(super) list: StatusList,
    pub(super) version: Version,
    /// `exp`.
    pub(super) expires: Option<Timestamp>,
    /// When access was last taken away, milliseconds since the Unix epoch.
    pub(super) changed_at: Option<u64>,
}

/// What must not go backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    /// Counts the changes; of our own issuer only.
    pub(super) sequence: Option<u64>,
    /// `iat`.
    pub(super) issued_at: Timestamp,
}

/// What a list must agree with.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    /// The URL of the list, which is its `sub` too.
    pub(crate) name: &'a str,
    pub(crate) clock_skew_seconds: u64,
}

impl StatusDocument {
    /// Bytes of a list that are read at all.
    pub(crate) const MAXIMUM_BYTES: usize = 2 * 1024 * 1024;

    /// Reads a list and checks everything about it that does not depend on an earlier one.
    pub(crate) fn read(
        bytes: &[u8],
        keys: &KeySet,
        expected: Expected<'_>,
        now: Timestamp,
    ) -> Result<Self, StatusListError> {
        if bytes.len() > Self::MAXIMUM_BYTES {
            return Err(StatusListError::TooLarge);
        }
        let payload = authenticate(bytes, keys)?;
        let claims = json::parse(&payload.0).map_err(|_| StatusListError::Malformed)?;
        let claims = Claims::read(&claims).map_err(|Unexpected| StatusListError::Malformed)?;
        if claims.name != expected.name || claims.issuer.is_some_and(|name| name != expected.issuer)
        {
            return Err(StatusListError::Foreign);
        }
        let latest_start = now.saturating_add(expected.clock_skew_seconds);
        let issued_at = time(claims.issued_at)?;
        let expires = claims.expires.map(time).transpose()?;
        let is_over = |expires| now >= end_of(expires, expected.clock_skew_seconds);
        if issued_at > latest_start || expires.is_some_and(is_over) {
            return Err(StatusListError::Expired);
        }
        Ok(Self {
            list: unpack(claims.list, claims.revoked_tokens)?,
            version: Version { sequence: claims.sequence, issued_at },
            expires,
            changed_at: claims.changed_at,
        })
    }
}

impl Version {
    /// Whether this list was made before another one: somebody would take back what was taken away.
    pub(super) fn is_before(self, other: Self) -> bool {
        let is_earlier = self.sequence.zip(other.sequence).is_some_and(|(one, two)| one < two);
        is_earlier || self.issued_at < other.issued_at
    }
}

/// The first second in which a list may not be used any more.
pub(super) fn end_of(expires: Timestamp, clock_skew_seconds: u64) -> Timestamp {
    expires.saturating_add(clock_skew_seconds)
}

/// The claims that decide something. Only behind a valid signature.
struct Claims<'a> {
    issuer: Option<&'a str>,
    name: &'a str,
    issued_at: u64,
    expires: Option<u64>,
    list: &'a Object<'a>,
    sequence: Option<u64>,
    changed_at: Option<u64>,
    revoked_tokens: Vec<Box<str>>,
}

impl<'a> Claims<'a> {
    fn read(claims: &'a Object<'a>) -> Result<Self, Unexpected> {
        let revoked_tokens = match claims.get("revoked_tokens") {
            None => Vec::new(),
            Some(pairs) => pairs.list().and_then(read_pairs).ok_or(Unexpected)?,
        };
        Ok(Self {
            issuer: claims.optional("iss", Value::text)?,
            name: claims.text("sub").ok_or(Unexpected)?,
            issued_at: claims.get("iat").and_then(Value::whole).ok_or(Unexpected)?,
            expires: claims.optional("exp", Value::whole)?,
            list: claims.get("status_list").and_then(Value::object).ok_or(Unexpected)?,
            sequence: claims.optional("sequence", Value::whole)?,
            changed_at: claims.optional("changed_at", Value::whole)?,
            revoked_tokens,
        })
    }
}

/// The names of tokens that are revoked one by one, each in a pair with its `exp`: the issuer drops it when
/// the token is long over.
fn read_pairs(pairs: &[Value<'_>]) -> Option<Vec<Box<str>>> {
    let token_id = |pair: &Value<'_>| match pair.list()? {
        [Value::Text(token_id), Value::Whole(_)] => Some(Box::from(token_id.as_ref())),
        _ => None,
    };
    pairs.iter().map(token_id).collect()
}

fn unpack(list: &Object<'_>, token_ids: Vec<Box<str>>) -> Result<StatusList, StatusListError> {
    let width = list.get("bits").and_then(Value::whole);
    let width = width.and_then(|width| u8::try_from(width).ok());
    match (width, list.text("lst")) {
        (Some(width), Some(text)) => StatusList::unpack(width, text, token_ids),
        _ => Err(StatusListError::Malformed),
    }
}

/// The payload of a list whose signature is valid.
struct Payload(Vec<u8>);

/// The signature, by the issuer's own keys (s11.3), checked at once: a list comes seldom, and who waits
/// for it waits for the answer.
fn authenticate(bytes: &[u8], keys: &KeySet) -> Result<Payload, StatusListError> {
    let text = core::str::from_utf8(bytes).map_err(|_| StatusListError::Malformed)?;
    let (header, payload, signature) = token::split(text).ok_or(StatusListError::Malformed)?;
    let decode = |segment| base64::decode(segment).map_err(|_| StatusListError::Malformed);
    let header = Header::read(&decode(header)?)?;
    let key = keys.find(&header.key_id).ok_or(StatusListError::UnknownKey)?;
    if key.algorithm() != header.algorithm {
        return Err(StatusListError::UnknownKey);
    }
    let signed = Signed::join(text.into(), decode(payload)?, decode(signature)?, Arc::clone(key))
        .map_err(|_| StatusListError::Signature)?;
    let outcome = software::verify(&signed.check());
    let authentic = signed.authenticate(outcome).map_err(|_| StatusListError::Signature)?;
    Ok(Payload(authentic.payload().into()))
}

struct Header {
    algorithm: Algorithm,
    key_id: String,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, StatusListError> {
        let parameters = json::parse(bytes).map_err(|_| StatusListError::Malformed)?;
        // s5.1: exactly this type, so that no access token serves as a list.
        let name = parameters.text("typ").unwrap_or_default();
        let is_list = TYPES.iter().any(|known| known.eq_ignore_ascii_case(name));
        if !is_list || parameters.names().any(token::has_no_place) {
            return Err(StatusListError::Type);
        }
        let algorithm = parameters.text("alg").and_then(Algorithm::parse);
        match (algorithm, parameters.text("kid")) {
            (Some(algorithm), Some(key_id)) => Ok(Self { algorithm, key_id: key_id.into() }),
            _ => Err(StatusListError::UnknownKey),
        }
    }
}

fn time(seconds: u64) -> Result<Timestamp, StatusListError> {
    let time = Timestamp::from_unix_seconds(seconds);
    if time > Timestamp::MAXIMUM { Err(StatusListError::Malformed) } else { Ok(time) }
}

const TYPES: [&str; 2] = ["statuslist+jwt", "application/statuslist+jwt"];
