//! Which tokens of an issuer are revoked before their time: a Token Status List
//! (draft-ietf-oauth-status-list), signed by the issuer, with one bit for all tokens of a credential,
//! and beside it the names of single tokens.

use crate::claims::{Claims, StatusReference};

mod document;
mod feed;
mod list;

pub(crate) use self::document::StatusDocument;
pub(crate) use self::feed::CurrentStatus;
use self::list::StatusList;

/// Why a token is refused that is valid in itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusError {
    /// Its status is kept elsewhere than the policy says.
    Foreign,
    /// The list never came, or is too old.
    NoList,
    /// The list has no place for it.
    OutOfRange,
    /// Its issuer has taken it back, or what it was issued for.
    Revoked,
}

/// Why a document is not used as a status list. What was good before stays in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusListError {
    /// Its `exp` is over, or its `iat` in the future.
    Expired,
    /// It is about another list, or from another issuer.
    Foreign,
    /// Not a compact JWS of a status list, or its bits are not readable.
    Malformed,
    /// The signature is not valid.
    Signature,
    /// More bytes or entries than an edge keeps.
    TooLarge,
    /// Not `statuslist+jwt`: some other token of the issuer.
    Type,
    /// No key of the issuer for it.
    UnknownKey,
}

impl StatusList {
    /// Whether the issuer still stands by a token.
    fn check(&self, claims: &Claims) -> Result<(), StatusError> {
        match claims.status {
            StatusReference::Foreign => return Err(StatusError::Foreign),
            StatusReference::None => {}
            StatusReference::Index(index) => match self.is_valid(index) {
                Some(true) => {}
                Some(false) => return Err(StatusError::Revoked),
                None => return Err(StatusError::OutOfRange),
            },
        }
        if self.names(&claims.token_id) { Err(StatusError::Revoked) } else { Ok(()) }
    }
}

impl core::fmt::Display for StatusListError {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(match self {
            Self::Expired => {
                "the list is expired or from the future; look at the clocks of issuer and edge"
            }
            Self::Foreign => "the list is another issuer's, or has another URL than `uri`",
            Self::Malformed => "not a status list token; check the URL",
            Self::Signature => "the signature of the list is not valid",
            Self::TooLarge => "the list is larger than an edge keeps",
            Self::Type => "a token of another type than statuslist+jwt",
            Self::UnknownKey => "the list is signed with a key that is not in the key set in force",
        })
    }
}

impl core::error::Error for StatusListError {}

#[cfg(test)]
mod tests;
