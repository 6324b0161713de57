//! How issuers differ that do not follow RFC 9068: by what names they call who calls and what may be
//! done, and what of a token says that it is an access token at all.

use crate::token::TokenType;

/// The kind of issuer, as the policy names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Profile {
    Auth0,
    Cognito,
    Entra,
    Keycloak,
    Okta,
    /// The standard, and this project's own issuer.
    #[default]
    Rfc9068,
}

/// Whether tokens always have a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Optional,
    Required,
}

/// What the claims of one kind of issuer are called.
#[derive(Debug)]
pub(super) struct Names {
    /// Claims that name the client. All that are there must say the same.
    pub(super) client_id: &'static [&'static str],
    /// Claims that hold scopes; all of them count.
    pub(super) scope: &'static [&'static str],
    /// Whether a list of texts may stand where RFC 6749 has one text.
    pub(super) scope_may_be_list: bool,
    /// The claim that names the token.
    pub(super) token_id: &'static str,
    pub(super) token_id_presence: Presence,
    /// Without `sub`, the client is its own subject.
    pub(super) subject_presence: Presence,
    /// Whether a token without `aud` is meant for whoever expects its client.
    pub(super) client_is_audience: bool,
    /// A claim that must be there with one of these texts. It tells access tokens from the ID tokens that
    /// the same key signs.
    pub(super) mark: Option<(&'static str, &'static [&'static str])>,
}

impl Profile {
    pub(super) fn names(self) -> &'static Names {
        match self {
            Self::Auth0 => &AUTH0,
            Self::Cognito => &COGNITO,
            Self::Entra => &ENTRA,
            Self::Keycloak => &KEYCLOAK,
            Self::Okta => &OKTA,
            Self::Rfc9068 => &RFC_9068,
        }
    }

    /// The types that such an issuer's access tokens have, where the policy names none.
    pub(crate) fn token_types(self) -> &'static [TokenType] {
        match self {
            Self::Auth0 => &[TokenType::AccessToken, TokenType::Jwt],
            Self::Cognito => &[TokenType::Missing],
            Self::Entra | Self::Keycloak => &[TokenType::Jwt],
            Self::Okta => &[TokenType::Missing, TokenType::Jwt],
            Self::Rfc9068 => &[TokenType::AccessToken],
        }
    }
}

/// RFC 9068 s2.2.
const RFC_9068: Names = Names {
    client_id: &["client_id"],
    scope: &["scope"],
    scope_may_be_list: false,
    token_id: "jti",
    token_id_presence: Presence::Required,
    subject_presence: Presence::Required,
    client_is_audience: false,
    mark: None,
};

/// Auth0's own dialect has no `jti` and calls the client `azp`; its RFC 9068 dialect has both.
const AUTH0: Names =
    Names { client_id: &["client_id", "azp"], token_id_presence: Presence::Optional, ..RFC_9068 };

/// Amazon Cognito: no `aud` unless the client asked for a resource.
const COGNITO: Names =
    Names { client_is_audience: true, mark: Some(("token_use", &["access"])), ..RFC_9068 };

/// Microsoft Entra: `azp` in tokens of version 2, `appid` in those of version 1, and neither in ID tokens.
/// Permissions of an application are `roles`, those that a person lent to it `scp`.
const ENTRA: Names = Names {
    client_id: &["azp", "appid"],
    scope: &["scp", "roles"],
    scope_may_be_list: true,
    token_id: "uti",
    token_id_presence: Presence::Optional,
    ..RFC_9068
};

/// Keycloak says in a claim what RFC 9068 says in the header. Its lightweight tokens have no `sub`.
const KEYCLOAK: Names = Names {
    client_id: &["azp", "client_id"],
    subject_presence: Presence::Optional,
    mark: Some(("typ", &["Bearer", "DPoP"])),
    ..RFC_9068
};

/// Okta's custom authorization servers; `cid` is in no ID token.
const OKTA: Names =
    Names { client_id: &["cid"], scope: &["scp"], scope_may_be_list: true, ..RFC_9068 };
