//! From what an issuer sent to a list (draft-ietf-oauth-status-list s5.1, s8.3).

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::MapAccess;
use serde_json::{Map, Value as Json};

use super::StatusListError;
use super::list::StatusList;
use crate::algorithm::Algorithm;
use crate::base64;
use crate::json::{self, Members, Scalar, Value};
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
        let claims = authenticate(bytes, keys)?.read()?;
        if claims.sub != expected.name || claims.iss.is_some_and(|name| name != expected.issuer) {
            return Err(StatusListError::Foreign);
        }
        let latest_start = now.saturating_add(expected.clock_skew_seconds);
        let (issued_at, expires) = (time(claims.iat)?, claims.exp.map(time).transpose()?);
        let is_over = |expires| is_over(expires, expected.clock_skew_seconds, now);
        if issued_at > latest_start || expires.is_some_and(is_over) {
            return Err(StatusListError::Expired);
        }
        let token_ids = claims.revoked_tokens.into_iter().map(|(token_id, _)| token_id).collect();
        Ok(Self {
            list: unpack(&claims.status_list, token_ids)?,
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

/// Whether a list may not be used any more.
pub(super) fn is_over(expires: Timestamp, clock_skew_seconds: u64, now: Timestamp) -> bool {
    now >= expires.saturating_add(clock_skew_seconds)
}

/// The claims that decide something. Only behind a valid signature.
#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: String,
    iat: u64,
    exp: Option<u64>,
    status_list: Map<String, Json>,
    sequence: Option<u64>,
    changed_at: Option<u64>,
    /// Each with its `exp`: the issuer drops it when the token is long over.
    #[serde(default)]
    revoked_tokens: Vec<(Box<str>, u64)>,
}

/// An object, not a list of values without names.
fn unpack(
    status_list: &Map<String, Json>,
    token_ids: Vec<Box<str>>,
) -> Result<StatusList, StatusListError> {
    let width = status_list.get("bits").and_then(Json::as_u64);
    let width = width.and_then(|width| u8::try_from(width).ok());
    match (width, status_list.get("lst").and_then(Json::as_str)) {
        (Some(width), Some(text)) => StatusList::unpack(width, text, token_ids),
        _ => Err(StatusListError::Malformed),
    }
}

/// The payload of a list whose signature is valid.
struct Payload(Vec<u8>);

impl Payload {
    fn read(&self) -> Result<Claims, StatusListError> {
        json::check_object(&self.0).map_err(|_| StatusListError::Malformed)?;
        serde_json::from_slice(&self.0).map_err(|_| StatusListError::Malformed)
    }
}

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
        let mut parameters = Parameters::default();
        json::read_object(bytes, &mut parameters).map_err(|_| StatusListError::Malformed)?;
        // s5.1: exactly this type, so that no access token serves as a list.
        let is_list = parameters
            .token_type
            .is_some_and(|name| TYPES.iter().any(|known| known.eq_ignore_ascii_case(&name)));
        if !is_list || parameters.stranger.is_some() {
            return Err(StatusListError::Type);
        }
        let algorithm = parameters.algorithm.and_then(|name| Algorithm::parse(&name));
        match (algorithm, parameters.key_id) {
            (Some(algorithm), Some(key_id)) => Ok(Self { algorithm, key_id }),
            _ => Err(StatusListError::UnknownKey),
        }
    }
}

#[derive(Default)]
struct Parameters {
    algorithm: Option<String>,
    key_id: Option<String>,
    token_type: Option<String>,
    /// A parameter that has no place here.
    stranger: Option<()>,
}

impl<'de> Members<'de> for Parameters {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        let parameter = match name {
            "alg" => &mut self.algorithm,
            "kid" => &mut self.key_id,
            "typ" => &mut self.token_type,
            _ => {
                if token::has_no_place(name) {
                    self.stranger = Some(());
                }
                return value.skip();
            }
        };
        if let Scalar::Text(text) = value.read()? {
            *parameter = Some(text.into_owned());
        }
        Ok(())
    }
}

fn time(seconds: u64) -> Result<Timestamp, StatusListError> {
    let time = Timestamp::from_unix_seconds(seconds);
    if time > Timestamp::MAXIMUM { Err(StatusListError::Malformed) } else { Ok(time) }
}

const TYPES: [&str; 2] = ["statuslist+jwt", "application/statuslist+jwt"];
