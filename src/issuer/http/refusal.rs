//! Every way the endpoints for clients say no, and how it says it (RFC 6749 s5.2).

use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::authenticate::AuthenticationError;
use crate::grant::{ScopeError, TargetError};

/// Seconds after which a caller may try again when the fault is ours.
const RETRY_SECONDS: &str = "5";

/// A refused request. The caller learns the class, the audit the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The audit cannot be written.
    AuditUnavailable,
    BodyTimeout,
    BodyTooLarge,
    BodyUnreadable,
    /// The clock was set back.
    ClockWrong,
    /// The secret, the id or the client is wrong.
    Credentials(AuthenticationError),
    CredentialsMalformed,
    CredentialsMissing,
    /// A scheme or method that is not offered.
    CredentialsUnsupported,
    /// A token to be revoked that was issued to somebody else.
    ForeignToken,
    FormMalformed,
    GrantMissing,
    GrantUnsupported,
    /// Basic credentials for one client and `client_id` of another.
    IdentityMismatch,
    MediaType,
    MethodNotAllowed,
    /// More requests at once than memory is set aside for.
    Overloaded,
    ParameterRepeated,
    ParametersTooMany,
    /// Parameters in the address, where servers and proxies log them.
    Query,
    /// The revocation could not be written, or there are too many.
    RevocationUnavailable,
    Scope(ScopeError),
    /// No active key, or it cannot sign.
    SignerUnavailable,
    /// The database could not be read for too long.
    SnapshotStale,
    /// The secret has no place in the status list.
    StatusUnavailable,
    Target(TargetError),
    /// Nothing to revoke is named.
    TokenMissing,
    TwoMethods,
    UnauthorizedClient,
}

/// How a refusal looks on the wire.
struct Wire {
    status: StatusCode,
    error: Option<&'static str>,
    description: &'static str,
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: &'static str,
}

impl Refusal {
    /// The stable code in the audit.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::AuditUnavailable => "audit_unavailable",
            Self::BodyTimeout => "body_timeout",
            Self::BodyTooLarge => "body_too_large",
            Self::BodyUnreadable => "body_unreadable",
            Self::ClockWrong => "clock_wrong",
            Self::Credentials(error) => error.reason(),
            Self::CredentialsMalformed => "credentials_malformed",
            Self::CredentialsMissing => "credentials_missing",
            Self::CredentialsUnsupported => "credentials_unsupported",
            Self::ForeignToken => "token_of_another_client",
            Self::FormMalformed => "form_malformed",
            Self::GrantMissing => "grant_missing",
            Self::GrantUnsupported => "grant_unsupported",
            Self::IdentityMismatch => "identity_mismatch",
            Self::MediaType => "media_type",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Overloaded => "overloaded",
            Self::ParameterRepeated => "parameter_repeated",
            Self::ParametersTooMany => "parameters_too_many",
            Self::Query => "query_not_allowed",
            Self::RevocationUnavailable => "revocation_unavailable",
            Self::Scope(error) => error.reason(),
            Self::SignerUnavailable => "signer_unavailable",
            Self::SnapshotStale => "snapshot_stale",
            Self::StatusUnavailable => "status_unavailable",
            Self::Target(error) => error.reason(),
            Self::TokenMissing => "token_missing",
            Self::TwoMethods => "two_auth_methods",
            Self::UnauthorizedClient => "client_not_authorized",
        }
    }

    fn wire(self) -> Wire {
        match self {
            Self::AuditUnavailable
            | Self::ClockWrong
            | Self::Overloaded
            | Self::RevocationUnavailable
            | Self::SignerUnavailable
            | Self::SnapshotStale
            | Self::StatusUnavailable => Wire::ours(),
            Self::BodyTimeout => {
                Wire::caller(StatusCode::REQUEST_TIMEOUT, "the body arrived too slowly")
            }
            Self::BodyTooLarge | Self::ParametersTooMany => {
                Wire::caller(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large")
            }
            Self::BodyUnreadable => Wire::request("the body could not be read"),
            Self::Credentials(_)
            | Self::CredentialsMalformed
            | Self::CredentialsMissing
            | Self::CredentialsUnsupported => Wire::client(),
            // RFC 6749 s5.2: the one code whose meaning includes "was issued to another client".
            Self::ForeignToken => {
                Wire::code("invalid_grant", "the token was issued to another client")
            }
            Self::FormMalformed => Wire::request("the form is malformed"),
            Self::GrantMissing => Wire::request("grant_type is missing"),
            Self::GrantUnsupported => {
                Wire::code("unsupported_grant_type", "only client_credentials is supported")
            }
            Self::IdentityMismatch => Wire::request("two different clients are named"),
            Self::MediaType => Wire::caller(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body must be application/x-www-form-urlencoded",
            ),
            Self::MethodNotAllowed => {
                Wire::caller(StatusCode::METHOD_NOT_ALLOWED, "this endpoint takes POST only")
            }
            Self::ParameterRepeated => Wire::request("a parameter is repeated"),
            Self::Query => Wire::request("parameters belong into the body"),
            Self::Scope(_) => {
                Wire::code("invalid_scope", "a scope is malformed or not granted to this client")
            }
            Self::Target(_) => Wire::code(
                "invalid_target",
                "a resource is missing, unknown or not granted to this client",
            ),
            Self::TokenMissing => Wire::request("token is missing"),
            Self::TwoMethods => Wire::request("the client authenticates in more than one way"),
            Self::UnauthorizedClient => {
                Wire::code("unauthorized_client", "this client may not use this grant")
            }
        }
    }

    /// The code on the wire; `unavailable` where there is none because the fault is ours.
    pub(super) fn error(self) -> &'static str {
        self.wire().error.unwrap_or("unavailable")
    }

    /// Whether the rest of the request is not worth reading.
    fn closes(self) -> bool {
        matches!(
            self,
            Self::BodyTimeout | Self::BodyTooLarge | Self::BodyUnreadable | Self::ParametersTooMany
        )
    }
}

impl Wire {
    fn request(description: &'static str) -> Self {
        Self::code("invalid_request", description)
    }

    fn code(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: Some(error), description }
    }

    fn caller(status: StatusCode, description: &'static str) -> Self {
        Self { status, error: Some("invalid_request"), description }
    }

    fn client() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: Some("invalid_client"),
            description: "client authentication failed",
        }
    }

    /// RFC 6749 has no code for our faults at this endpoint, so the status speaks alone.
    fn ours() -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, error: None, description: "" }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let wire = self.wire();
        let mut response = match wire.error {
            Some(error) => body(error, wire.description),
            None => Response::default(),
        };
        *response.status_mut() = wire.status;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        if wire.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 s15.5.2 wants it with every 401, RFC 6749 s5.2 when Basic was tried.
            let challenge =
                HeaderValue::from_static("Basic realm=\"edgelatch\", charset=\"UTF-8\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if wire.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        }
        if wire.status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(ALLOW, HeaderValue::from_static("POST"));
        }
        if self.closes() {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

fn body(error: &'static str, error_description: &'static str) -> Response {
    let json = serde_json::to_vec(&Body { error, error_description }).unwrap_or_default();
    ([(CONTENT_TYPE, "application/json")], json).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6749 s5.2: %x20-21 / %x23-5B / %x5D-7E.
    #[test]
    fn describes_errors_in_the_characters_that_are_allowed() {
        let allowed = |byte: u8| (0x20..0x7F).contains(&byte) && byte != b'"' && byte != b'\\';
        for refusal in [
            Refusal::BodyTooLarge,
            Refusal::CredentialsMissing,
            Refusal::GrantUnsupported,
            Refusal::MediaType,
            Refusal::Scope(ScopeError::Malformed),
            Refusal::Target(TargetError::NoDefault),
            Refusal::TwoMethods,
            Refusal::UnauthorizedClient,
        ] {
            assert!(refusal.wire().description.bytes().all(allowed), "{refusal:?}");
        }
    }

    #[test]
    fn says_nothing_but_try_later_when_the_fault_is_ours() {
        let response = Refusal::SignerUnavailable.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get(RETRY_AFTER).unwrap(), RETRY_SECONDS);
        assert_eq!(response.headers().get(CACHE_CONTROL).unwrap(), "no-store");
    }
}
