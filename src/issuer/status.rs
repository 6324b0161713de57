//! Taking access away: the Token Status List that edges hold (draft-ietf-oauth-status-list), signed
//! and handed to whoever waits for it.
//!
//! ```text
//!  client disable -> store: bit, sequence, commit -> watch -> StatusList -> StatusDocument -> edges
//!                          POST /revoke: token id ---^         built once      signed once     wait
//! ```

mod bits;
mod document;
mod feed;
mod list;

pub(crate) use self::document::StatusDocument;
pub(crate) use self::feed::StatusFeed;
pub(crate) use self::list::StatusList;

/// Most places of a list; edges take no longer one. 512 KiB before compression.
pub(crate) const MAX_ENTRIES: u64 = 1 << 22;

/// Most tokens that are revoked one by one at a time; edges look each of them up.
pub(crate) const MAX_REVOKED_TOKENS: u64 = 10_000;

/// Seconds that a revoked token stays named after its expiry: the clock of an edge may be late.
pub(crate) const REVOCATION_GRACE: u64 = 300;

/// Seconds after which an edge that does not wait should ask again.
pub(crate) const TIME_TO_LIVE: u64 = 5;

/// Below the issuer URL: the list, and the list of lists.
pub(crate) const STATUS_LIST_PATH: &str = "/status-list";
pub(crate) const AGGREGATION_PATH: &str = "/status-lists";

/// A token that its client has given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RevokedToken {
    /// Its `jti`.
    pub(crate) token_id: String,
    /// Its `exp`, seconds since the Unix epoch.
    pub(crate) expires_at: u64,
}
