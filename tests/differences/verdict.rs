//! What a side did with a request.

use core::fmt;

use crate::corpus::{CorpusError, without_interim};
use crate::lab::http::Response;

/// The header that shows Envoy's reason.
pub(super) const DETAILS: &str = "x-details";

/// Status and reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Verdict {
    /// Whether the upstream got the request.
    pub(super) is_accepted: bool,
    /// The status that the client got.
    pub(super) status: u16,
    /// Why, in the words of the filter; empty if accepted.
    pub(super) reason: String,
}

impl Verdict {
    /// Reads it off the answer.
    pub(super) fn of(response: &Response) -> Result<Self, CorpusError> {
        let response = without_interim(response).map_err(CorpusError::new)?;
        let details = response.header(DETAILS).unwrap_or_default();
        let is_accepted = details == "via_upstream";
        let reason = if is_accepted { String::new() } else { reason(details) };
        Ok(Self { is_accepted, status: response.status, reason })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_accepted {
            return write!(formatter, "{} accepted", self.status);
        }
        write!(formatter, "{} `{}`", self.status, self.reason)
    }
}

/// `jwt_authn_access_denied{Jwt_is_expired}` is `Jwt_is_expired`; RBAC has one reason only.
fn reason(details: &str) -> String {
    for prefix in ["edgelatch_access_denied{", "jwt_authn_access_denied{"] {
        let inner = details.strip_prefix(prefix).and_then(|details| details.strip_suffix('}'));
        if let Some(inner) = inner {
            return inner.to_owned();
        }
    }
    if details.starts_with("rbac_access_denied") { "rbac".to_owned() } else { details.to_owned() }
}
