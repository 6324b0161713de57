//! Reasons in words.

use edgelatch_core::{
    BearerError, BindingError, ClaimError, GrantError, KeySelectionError, Rejection, RouteError,
    StatusError,
};

/// Why a request is refused and what would change that.
pub(super) fn explain(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::Bearer(BearerError::Missing) => "the route needs an access token",
        Rejection::Bearer(_) => "the Authorization header holds no single bearer token",
        Rejection::Binding(BindingError::Certificate) => {
            "the token is bound to a certificate that did not come along"
        }
        Rejection::Binding(BindingError::Key) => {
            "the token is bound to a key whose proof did not come along, or to none at all"
        }
        Rejection::Binding(BindingError::Route) => {
            "the route wants tokens that are bound to a certificate or a key"
        }
        Rejection::Binding(BindingError::Unknown) => {
            "the token is bound in a way that the policy does not know"
        }
        Rejection::Binding(BindingError::WindowFull) => "too many DPoP proofs are in use",
        Rejection::Binding(_) => "the DPoP proof is missing, used before or not valid",
        Rejection::Claim(ClaimError::Audience) => {
            "the token is for another audience than route or issuer expect"
        }
        Rejection::Claim(ClaimError::Issuer) | Rejection::Key(KeySelectionError::UnknownIssuer) => {
            "the policy does not know the issuer"
        }
        Rejection::Claim(ClaimError::Scope) => "the scope of the token is malformed",
        Rejection::Claim(_) => "a claim of the token is missing or malformed",
        Rejection::Clock(_) => "the clock of this machine cannot be right",
        Rejection::Grant(GrantError::Client) => "the client is not among the clients of the route",
        Rejection::Grant(GrantError::Issuer) => "the issuer is not among the issuers of the route",
        Rejection::Grant(GrantError::Network) => {
            "the source address is unknown or in none of the networks of the route"
        }
        Rejection::Grant(GrantError::Scope) => "the token lacks a scope that the route requires",
        Rejection::HostFailed => "the proxy did not give what the decision needs",
        Rejection::Key(_) => "there is no key for the token",
        Rejection::NoPolicy => "there is no policy",
        Rejection::Route(RouteError::AmbiguousHost) => "the host could mean two hosts",
        Rejection::Route(RouteError::AmbiguousPath) => "the path could mean two resources",
        Rejection::Route(RouteError::NoRoute) => {
            "no route has this path, host and method, and what no route allows is refused"
        }
        Rejection::Signature(_) => "the signature is not valid",
        Rejection::Status(StatusError::NoList) => "there is no list of revoked tokens",
        Rejection::Status(_) => "the token was revoked, or its list is not the one of the policy",
        Rejection::Token(_) => "the token is malformed",
    }
}
