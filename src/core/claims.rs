//! Fifth stage: the claims of an authentic token (RFC 9068 s2.2, RFC 7519 s4.1). Reading them does
//! not depend on the time or the route, so that what was read may be kept; the checks that do depend
//! on them are asked anew for every request.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;

use crate::signature::Authentic;
use crate::time::Timestamp;

mod audience;
mod confirmation;
mod date;
mod parse;
mod peek;
mod profile;
mod rules;
mod scope;
mod status;

use self::audience::Audience;
pub(crate) use self::confirmation::Confirmation;
pub(crate) use self::date::read as read_date;
pub(crate) use self::peek::peek_issuer;
pub(crate) use self::profile::Profile;
pub(crate) use self::rules::ClaimRules;
pub(crate) use self::scope::is_scope_token;
pub(crate) use self::status::StatusReference;

/// The claims of a token that its issuer signed. Identifiers and scope are bounded and free of control
/// characters; members of the audience are any texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// Often the same text as `client_id`, and then the same memory.
    pub(crate) subject: Arc<str>,
    pub(crate) client_id: Arc<str>,
    /// `jti`.
    pub(crate) token_id: Arc<str>,
    audience: Audience,
    /// Single spaces between tokens, or empty.
    pub(crate) scope: Arc<str>,
    /// `exp`, rounded down.
    expires: Timestamp,
    /// `nbf`, rounded up.
    not_before: Option<Timestamp>,
    /// `iat`, rounded up.
    issued_at: Timestamp,
    /// None if whoever has the token may use it.
    pub(crate) confirmation: Option<Box<Confirmation>>,
    pub(crate) status: StatusReference,
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
    /// `sub`, `client_id` or `jti`, or what the issuer has in their place, is missing, empty, too long, or holds
    /// control characters; or two claims name two clients; or nothing says that it is an access token.
    Required,
    /// `scope` is not a list of scope tokens with single spaces between them.
    Scope,
    /// A claim has the wrong JSON type.
    Type,
}

impl Claims {
    /// Reads the claims and checks what depends on the issuer alone. `status_list` names the list that
    /// the policy wants asked.
    pub(crate) fn parse(
        token: &Authentic,
        issuer: &str,
        profile: Profile,
        status_list: Option<&str>,
    ) -> Result<Self, ClaimError> {
        parse::parse(token.payload(), issuer, profile, status_list)
    }

    /// The members of `aud`.
    pub(crate) fn audience(&self) -> impl Iterator<Item = &str> {
        self.audience.iter()
    }

    /// Bytes that the claims take in memory, roughly.
    pub(crate) fn size(&self) -> usize {
        let texts = [&self.client_id, &self.token_id, &self.scope, &self.subject];
        let shared = Arc::ptr_eq(&self.client_id, &self.subject);
        let lengths = texts.iter().take(if shared { 3 } else { 4 }).map(|text| text.len());
        size_of::<Self>().saturating_add(lengths.sum()).saturating_add(self.audience.size())
    }

    /// Whether the token is valid at `now`.
    pub(crate) fn check_time(&self, rules: &ClaimRules, now: Timestamp) -> Result<(), ClaimError> {
        let skew = rules.clock_skew_seconds;
        // RFC 7519 s4.1.4: "on or after" `exp` it must not be accepted.
        if now >= self.end(rules) {
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

    /// The first second in which the token is not valid any more.
    pub(crate) fn end(&self, rules: &ClaimRules) -> Timestamp {
        self.expires.saturating_add(rules.clock_skew_seconds)
    }

    /// Whether the token is meant for one of `expected`, compared byte by byte (RFC 9068 s4).
    pub(crate) fn check_audience(&self, expected: &[String]) -> Result<(), ClaimError> {
        if self.audience.iter().any(|name| expected.iter().any(|other| other == name)) {
            Ok(())
        } else {
            Err(ClaimError::Audience)
        }
    }

    /// Whether the whole scope token was granted: `admin` is not in `nonadmin`.
    pub(crate) fn has_scope(&self, wanted: &str) -> bool {
        let mut granted = self.scope.as_bytes().split(|byte| *byte == b' ');
        granted.any(|token| token == wanted.as_bytes())
    }
}

/// Any claims, for the tests of others.
#[cfg(test)]
pub(crate) fn sample() -> Claims {
    let text = br#"{"iss":"i","sub":"s","client_id":"c","jti":"j","aud":"a","iat":1,"exp":2}"#;
    match parse::parse(text, "i", Profile::Rfc9068, None) {
        Ok(claims) => claims,
        Err(error) => panic!("{error:?}"),
    }
}

#[cfg(test)]
mod tests;
