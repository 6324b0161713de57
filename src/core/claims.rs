//! Fifth stage: the claims of an authentic token (RFC 9068 s2.2, RFC 7519 s4.1). Reading them does
//! not depend on the time or the route, so that what was read may be kept; the checks that do depend
//! on them are asked anew for every request.

use alloc::string::String;
use alloc::vec::Vec;

use crate::signature::Authentic;
use crate::time::Timestamp;

mod confirmation;
mod date;
mod parse;
mod peek;
mod rules;

pub(crate) use self::confirmation::Confirmation;
pub(crate) use self::date::read as read_date;
pub(crate) use self::parse::is_scope_token;
pub(crate) use self::peek::peek_issuer;
pub(crate) use self::rules::ClaimRules;

/// The claims of a token that its issuer signed. Identifiers and scope are bounded and free of control
/// characters; members of the audience are any texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) subject: String,
    pub(crate) client_id: String,
    /// `jti`.
    pub(crate) token_id: String,
    pub(crate) audience: Vec<String>,
    /// Single spaces between tokens, or empty.
    pub(crate) scope: String,
    /// `exp`, rounded down.
    expires: Timestamp,
    /// `nbf`, rounded up.
    not_before: Option<Timestamp>,
    /// `iat`, rounded up.
    issued_at: Timestamp,
    /// None if whoever has the token may use it.
    pub(crate) confirmation: Option<Confirmation>,
}

/// Why the claims of a token do not allow its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimError {
    /// `aud` names none of the expected audiences, or is not a list of texts.
    Audience,
    /// A claim occurs twice.
    Duplicate,
    /// `exp` is missing, out of range, or not in the future.
    Expired,
    /// `iat` is missing, out of range, or in the future.
    IssuedAt,
    /// `iss` is not, byte for byte, the issuer whose key signed.
    Issuer,
    /// The payload is not strict JSON, or no object.
    Json,
    /// Valid for longer than the policy allows, or expires before it was issued.
    Lifetime,
    /// `nbf` is out of range or in the future.
    NotBefore,
    /// `sub`, `client_id` or `jti` is missing, empty, too long, or holds control characters.
    Required,
    /// `scope` is not a list of scope tokens with single spaces between them.
    Scope,
    /// A claim has the wrong JSON type.
    Type,
}

impl Claims {
    /// Reads the claims and checks what depends on the issuer alone.
    pub(crate) fn parse(token: &Authentic, issuer: &str) -> Result<Self, ClaimError> {
        parse::parse(token.payload(), issuer)
    }

    /// Whether the token is valid at `now`.
    pub(crate) fn check_time(&self, rules: &ClaimRules, now: Timestamp) -> Result<(), ClaimError> {
        let skew = rules.clock_skew_seconds;
        // RFC 7519 s4.1.4: "on or after" `exp` it must not be accepted.
        if now >= self.expires.saturating_add(skew) {
            return Err(ClaimError::Expired);
        }
        let latest_start = now.saturating_add(skew);
        if self.not_before.is_some_and(|not_before| not_before > latest_start) {
            return Err(ClaimError::NotBefore);
        }
        if self.issued_at > latest_start {
            return Err(ClaimError::IssuedAt);
        }
        let lifetime = self.expires.seconds_since(self.issued_at);
        if self.expires <= self.issued_at || lifetime > rules.maximum_token_lifetime_seconds {
            return Err(ClaimError::Lifetime);
        }
        Ok(())
    }

    /// Whether the token is meant for one of `expected`, compared byte by byte (RFC 9068 s4).
    pub(crate) fn check_audience(&self, expected: &[String]) -> Result<(), ClaimError> {
        if self.audience.iter().any(|audience| expected.contains(audience)) {
            Ok(())
        } else {
            Err(ClaimError::Audience)
        }
    }

    /// Whether the whole scope token was granted: `admin` is not in `nonadmin`.
    pub(crate) fn has_scope(&self, wanted: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == wanted)
    }
}

#[cfg(test)]
mod tests;
