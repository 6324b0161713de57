//! Every rejection in a fixed order, for hosts that name one by a number and for tables of them.

use super::{KeySelectionError, Rejection};
use crate::bearer::BearerError;
use crate::binding::BindingError;
use crate::claims::ClaimError;
use crate::clock::ClockError;
use crate::grant::GrantError;
use crate::policy::RouteError;
use crate::signature::SignatureError;
use crate::status::StatusError;
use crate::token::TokenError;

impl Rejection {
    /// Each of them once, on the way of a request.
    pub const ALL: [Self; 55] = [
        Self::NoPolicy,
        Self::HostFailed,
        Self::Route(RouteError::AmbiguousHost),
        Self::Route(RouteError::AmbiguousPath),
        Self::Route(RouteError::NoRoute),
        Self::Bearer(BearerError::Missing),
        Self::Bearer(BearerError::Multiple),
        Self::Bearer(BearerError::NotText),
        Self::Bearer(BearerError::NotBearer),
        Self::Bearer(BearerError::TooLong),
        Self::Clock(ClockError),
        Self::Token(TokenError::Structure),
        Self::Token(TokenError::Base64),
        Self::Token(TokenError::Json),
        Self::Token(TokenError::Duplicate),
        Self::Token(TokenError::Header),
        Self::Token(TokenError::Algorithm),
        Self::Token(TokenError::Critical),
        Self::Token(TokenError::Type),
        Self::Key(KeySelectionError::UnknownIssuer),
        Self::Key(KeySelectionError::NoKeyId),
        Self::Key(KeySelectionError::NoKeySet),
        Self::Key(KeySelectionError::Unknown),
        Self::Key(KeySelectionError::Algorithm),
        Self::Signature(SignatureError::Length),
        Self::Signature(SignatureError::Invalid),
        Self::Signature(SignatureError::Unsupported),
        Self::Claim(ClaimError::Json),
        Self::Claim(ClaimError::Duplicate),
        Self::Claim(ClaimError::Issuer),
        Self::Claim(ClaimError::Required),
        Self::Claim(ClaimError::Type),
        Self::Claim(ClaimError::Scope),
        Self::Claim(ClaimError::Expired),
        Self::Claim(ClaimError::NotBefore),
        Self::Claim(ClaimError::IssuedAt),
        Self::Claim(ClaimError::Lifetime),
        Self::Claim(ClaimError::Audience),
        Self::Status(StatusError::NoList),
        Self::Status(StatusError::Foreign),
        Self::Status(StatusError::OutOfRange),
        Self::Status(StatusError::Revoked),
        Self::Binding(BindingError::Unknown),
        Self::Binding(BindingError::Certificate),
        Self::Binding(BindingError::Key),
        Self::Binding(BindingError::ProofMissing),
        Self::Binding(BindingError::ProofMultiple),
        Self::Binding(BindingError::Proof),
        Self::Binding(BindingError::Replayed),
        Self::Binding(BindingError::WindowFull),
        Self::Binding(BindingError::Route),
        Self::Grant(GrantError::Issuer),
        Self::Grant(GrantError::Client),
        Self::Grant(GrantError::Network),
        Self::Grant(GrantError::Scope),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of variants of each error, counted by a match that a new variant breaks.
    macro_rules! count {
        ($error:ident: $($variant:ident),+) => {{
            #[expect(dead_code, reason = "it only has to compile")]
            fn complete(error: $error) {
                match error { $($error::$variant => (),)+ }
            }
            [$(stringify!($variant)),+].len()
        }};
    }

    #[test]
    fn names_every_rejection_once() {
        let expected = 3 // NoPolicy, HostFailed and the clock
            + count!(RouteError: AmbiguousHost, AmbiguousPath, NoRoute)
            + count!(BearerError: Missing, Multiple, NotText, NotBearer, TooLong)
            + count!(TokenError: Structure, Base64, Json, Duplicate, Header, Algorithm, Critical, Type)
            + count!(KeySelectionError: UnknownIssuer, NoKeyId, NoKeySet, Unknown, Algorithm)
            + count!(SignatureError: Length, Invalid, Unsupported)
            + count!(ClaimError: Json, Duplicate, Issuer, Required, Type, Scope, Expired, NotBefore, IssuedAt, Lifetime, Audience)
            + count!(StatusError: NoList, Foreign, OutOfRange, Revoked)
            + count!(BindingError: Unknown, Certificate, Key, ProofMissing, ProofMultiple, Proof, Replayed, WindowFull, Route)
            + count!(GrantError: Issuer, Client, Network, Scope);
        assert_eq!(Rejection::ALL.len(), expected);
        for (position, rejection) in Rejection::ALL.iter().enumerate() {
            let first = Rejection::ALL.iter().position(|other| other == rejection);
            assert_eq!(first, Some(position), "{rejection:?}");
        }
    }
}
