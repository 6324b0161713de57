//! Where a status list speaks of a token (draft-ietf-oauth-status-list s6.2).

use crate::json::Value;

/// The place of a token in the status list of its issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusReference {
    /// The token names no status at all: only its own name can be on the list.
    None,
    /// This entry of the list that the policy names.
    Index(u64),
    /// Another list or mechanism, or nothing that makes sense: nobody here can tell the status.
    Foreign,
}

impl StatusReference {
    /// Reads the claim `status`; `name` is the list that the policy names.
    pub(super) fn read(claim: &Value<'_>, name: &str) -> Self {
        Self::read_index(claim, name).map_or(Self::Foreign, Self::Index)
    }

    fn read_index(claim: &Value<'_>, name: &str) -> Option<u64> {
        let reference = claim.object()?.get("status_list")?.object()?;
        if reference.text("uri") == Some(name) { reference.get("idx")?.whole() } else { None }
    }
}
