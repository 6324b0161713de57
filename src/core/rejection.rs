//! Every reason why a request does not pass, and what the wire says about it: one table, without a
//! default. Callers learn little (RFC 6750 s3.1), operators the stable code.

use core::fmt;

use crate::bearer::BearerError;
use crate::binding::BindingError;
use crate::claims::ClaimError;
use crate::clock::ClockError;
use crate::grant::GrantError;
use crate::policy::RouteError;
use crate::signature::SignatureError;
use crate::status::StatusError;
use crate::token::TokenError;

mod all;

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The header lines hold no usable token.
    Bearer(BearerError),
    /// Who sent the token does not show that it holds what the token is bound to.
    Binding(BindingError),
    /// The claims do not allow the use of the token.
    Claim(ClaimError),
    /// The host's clock cannot be right.
    Clock(ClockError),
    /// The token does not allow this request.
    Grant(GrantError),
    /// The host could not read or change the request.
    HostFailed,
    /// No key for the token.
    Key(KeySelectionError),
    /// The host has no policy.
    NoPolicy,
    /// No route is for this request.
    Route(RouteError),
    /// The signature is not valid.
    Signature(SignatureError),
    /// The issuer does not stand by the token any more, or nobody can tell.
    Status(StatusError),
    /// The token is malformed.
    Token(TokenError),
}

/// Why no key was chosen for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySelectionError {
    /// The key is for another algorithm than the header says.
    Algorithm,
    /// The header names no key.
    NoKeyId,
    /// The issuer's key set was never fetched, or is too old.
    NoKeySet,
    /// The issuer has no key of this name.
    Unknown,
    /// The policy does not know the issuer.
    UnknownIssuer,
}

/// Whose fault it is, and with it what the answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// 401 without error: there was no bearer token (RFC 6750 s3.1, last paragraph).
    MissingToken,
    /// 400: the request contradicts itself.
    InvalidRequest,
    /// 401: whatever is wrong with the token, the text is the same.
    InvalidToken,
    /// 401: a token that is bound to a key, without its key's proof (RFC 9449 s7.1).
    InvalidBoundToken,
    /// 401: the DPoP proof is missing or not valid (RFC 9449 s7.1).
    InvalidProof,
    /// 400: several DPoP proofs.
    InvalidProofs,
    /// 403: the token lacks scopes.
    InsufficientScope,
    /// 403: no token of this caller would help.
    AccessDenied,
    /// 503: the operator's fault.
    Unavailable,
}

impl Rejection {
    /// The stable name for logs, metrics and tests.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self.answer() {
            Answer::InvalidProofs | Answer::InvalidRequest => 400,
            Answer::InvalidBoundToken
            | Answer::InvalidProof
            | Answer::InvalidToken
            | Answer::MissingToken => 401,
            Answer::InsufficientScope | Answer::AccessDenied => 403,
            Answer::Unavailable => 503,
        }
    }

    pub(crate) fn answer(self) -> Answer {
        self.row().1
    }

    fn row(self) -> (&'static str, Answer) {
        match self {
            Self::Bearer(error) => bearer_row(error),
            Self::Binding(error) => binding_row(error),
            Self::Claim(error) => (claim_code(error), Answer::InvalidToken),
            Self::Clock(ClockError) => ("clock.bad", Answer::Unavailable),
            Self::Grant(error) => grant_row(error),
            Self::HostFailed => ("host.failed", Answer::Unavailable),
            Self::Key(error) => key_row(error),
            Self::NoPolicy => ("cfg.none", Answer::Unavailable),
            Self::Route(error) => (route_code(error), Answer::AccessDenied),
            Self::Signature(error) => signature_row(error),
            Self::Status(error) => status_row(error),
            Self::Token(error) => (token_code(error), Answer::InvalidToken),
        }
    }
}

fn bearer_row(error: BearerError) -> (&'static str, Answer) {
    match error {
        BearerError::Missing => ("hdr.missing", Answer::MissingToken),
        BearerError::Multiple => ("hdr.multiple", Answer::InvalidRequest),
        BearerError::NotBearer => ("hdr.scheme", Answer::MissingToken),
        BearerError::NotText => ("hdr.charset", Answer::InvalidToken),
        BearerError::TooLong => ("tok.size", Answer::InvalidToken),
    }
}

fn binding_row(error: BindingError) -> (&'static str, Answer) {
    match error {
        BindingError::Certificate | BindingError::Unknown => ("clm.bound", Answer::InvalidToken),
        BindingError::Key => ("clm.bound", Answer::InvalidBoundToken),
        BindingError::Proof => ("dpop.proof", Answer::InvalidProof),
        BindingError::ProofMissing => ("dpop.missing", Answer::InvalidProof),
        BindingError::ProofMultiple => ("dpop.multiple", Answer::InvalidProofs),
        BindingError::Replayed => ("dpop.replay", Answer::InvalidProof),
        BindingError::Route => ("pol.binding", Answer::AccessDenied),
        BindingError::WindowFull => ("dpop.full", Answer::Unavailable),
    }
}

fn token_code(error: TokenError) -> &'static str {
    match error {
        TokenError::Algorithm => "jws.alg",
        TokenError::Base64 => "jws.b64",
        TokenError::Critical => "jws.crit",
        TokenError::Duplicate => "jws.dup",
        TokenError::Header => "jws.header",
        TokenError::Json => "jws.json",
        TokenError::Structure => "jws.structure",
        TokenError::Type => "jws.typ",
    }
}

fn key_row(error: KeySelectionError) -> (&'static str, Answer) {
    match error {
        KeySelectionError::Algorithm => ("key.alg", Answer::InvalidToken),
        KeySelectionError::NoKeyId => ("key.missing", Answer::InvalidToken),
        KeySelectionError::NoKeySet => ("jwks.none", Answer::Unavailable),
        KeySelectionError::Unknown => ("key.unknown", Answer::InvalidToken),
        KeySelectionError::UnknownIssuer => ("clm.iss", Answer::InvalidToken),
    }
}

fn signature_row(error: SignatureError) -> (&'static str, Answer) {
    match error {
        SignatureError::Invalid => ("sig.bad", Answer::InvalidToken),
        SignatureError::Length => ("sig.len", Answer::InvalidToken),
        SignatureError::Unsupported => ("sig.unsupported", Answer::Unavailable),
    }
}

fn status_row(error: StatusError) -> (&'static str, Answer) {
    match error {
        StatusError::Foreign => ("rev.foreign", Answer::InvalidToken),
        StatusError::NoList => ("rev.none", Answer::Unavailable),
        StatusError::OutOfRange => ("rev.range", Answer::InvalidToken),
        StatusError::Revoked => ("rev.hit", Answer::InvalidToken),
    }
}

fn claim_code(error: ClaimError) -> &'static str {
    match error {
        ClaimError::Audience => "clm.aud",
        ClaimError::Duplicate => "clm.dup",
        ClaimError::Expired => "clm.exp",
        ClaimError::IssuedAt => "clm.iat",
        ClaimError::Issuer => "clm.iss",
        ClaimError::Json => "jws.json",
        ClaimError::Lifetime => "clm.life",
        ClaimError::NotBefore => "clm.nbf",
        ClaimError::Required => "clm.required",
        ClaimError::Scope => "clm.scope",
        ClaimError::Type => "clm.type",
    }
}

fn grant_row(error: GrantError) -> (&'static str, Answer) {
    match error {
        GrantError::Client => ("pol.client", Answer::AccessDenied),
        GrantError::Issuer => ("pol.issuer", Answer::AccessDenied),
        GrantError::Network => ("pol.network", Answer::AccessDenied),
        GrantError::Scope => ("pol.scope", Answer::InsufficientScope),
    }
}

fn route_code(error: RouteError) -> &'static str {
    match error {
        RouteError::AmbiguousHost => "pol.host",
        RouteError::AmbiguousPath => "pol.path",
        RouteError::NoRoute => "pol.norule",
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests;
