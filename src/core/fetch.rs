//! What hosts fetch for an engine and what they hand back: requests and answers as data.

use alloc::string::String;
use core::fmt;

use crate::feed::Freshness;
use crate::keys::KeySetError;
use crate::policy::Uri;
use crate::status::StatusListError;
use crate::time::Timestamp;

mod headers;

pub(crate) use self::headers::{CacheHeaders, entity_tag};

/// One of an engine's feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedId {
    pub(crate) issuer: usize,
    pub(crate) kind: FeedKind,
}

/// What a feed brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedKind {
    /// The public keys of an issuer.
    KeySet,
    /// Which tokens of an issuer are revoked.
    StatusList,
}

/// A fetch that the host should make now: GET, no redirects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Whom to give the answer to.
    pub feed: FeedId,
    /// What it is for.
    pub kind: FeedKind,
    /// What to get.
    pub uri: Uri,
    /// The Envoy cluster, if the policy names one.
    pub cluster: Option<String>,
    /// `Accept`.
    pub accept: &'static str,
    /// `If-None-Match`, if there is something in force that may be confirmed.
    pub entity_tag: Option<String>,
    /// How long the whole answer may take. The issuer may hold it back on purpose for most of it.
    pub timeout_seconds: u32,
    /// How many bytes of the body are of use; one more shows that there are too many.
    pub maximum_bytes: usize,
}

/// What the host got for a fetch.
#[derive(Clone, Copy, Debug)]
pub enum FetchResponse<'a> {
    /// No answer: connection, name, TLS or time-out.
    Failed,
    /// An answer.
    Received {
        /// HTTP status.
        status: u16,
        /// Header lines; of use are `Age`, `Cache-Control`, `ETag` and `Retry-After`.
        headers: &'a [(&'a [u8], &'a [u8])],
        /// The whole body, up to [`Fetch::maximum_bytes`] and one more.
        body: &'a [u8],
    },
}

/// What became of a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchOutcome {
    /// A new document is in force.
    Accepted(FeedContent),
    /// The document in force was confirmed.
    Unchanged,
    /// What was there before stays in use.
    Kept(FetchError),
}

/// What an accepted document holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedContent {
    /// Public keys.
    KeySet {
        /// How many are in use.
        keys: usize,
        /// Published keys that are not used.
        skipped: usize,
    },
    /// Which tokens are revoked.
    StatusList {
        /// Places for credentials.
        entries: usize,
        /// Tokens that are revoked one by one.
        revoked_tokens: usize,
        /// Counts the changes, if the issuer counts them.
        sequence: Option<u64>,
        /// When the issuer last took access away, milliseconds since the Unix epoch, if it says so.
        changed_at_milliseconds: Option<u64>,
    },
}

/// Why an answer was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// There was none.
    Failed,
    /// Not a usable key set.
    KeySet(KeySetError),
    /// Older than what is in force: an attacker, or a cache on the way, would take back a change.
    Rollback,
    /// Not a usable status list.
    StatusList(StatusListError),
    /// Another status than 200. Redirects are not followed: they could lead anywhere.
    Status(u16),
    /// Nobody asked for it.
    Unexpected,
}

/// The document that a feed has in force, for the other engines of the same policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication<'a> {
    /// The body as it came.
    pub body: &'a [u8],
    /// Its `ETag`.
    pub entity_tag: Option<&'a str>,
    /// When the issuer last vouched for it.
    pub received: Timestamp,
}

/// How up to date a feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedState<'a> {
    /// The feed.
    pub feed: FeedId,
    /// What it brings.
    pub kind: FeedKind,
    /// The issuer.
    pub issuer: &'a str,
    /// How far what it brought may be trusted.
    pub freshness: Freshness,
    /// Seconds since the issuer last vouched for it.
    pub age_seconds: Option<u64>,
}

impl FeedId {
    /// Position of the issuer in the policy.
    pub fn issuer(self) -> usize {
        self.issuer
    }

    /// What the feed brings.
    pub fn kind(self) -> FeedKind {
        self.kind
    }
}

impl fmt::Display for FeedKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::KeySet => "key set",
            Self::StatusList => "status list",
        })
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed => formatter
                .write_str("no answer; check that the issuer runs and that this edge can reach it"),
            Self::KeySet(error) => write!(formatter, "{error}"),
            Self::Rollback => formatter.write_str(
                "older than what is in force; look for a cache on the way, or a restored backup",
            ),
            Self::StatusList(error) => write!(formatter, "{error}"),
            Self::Status(status) => {
                write!(formatter, "status {status} instead of 200; check the URL")
            }
            Self::Unexpected => formatter.write_str("an answer that nobody asked for"),
        }
    }
}

impl core::error::Error for FetchError {}

#[cfg(test)]
mod tests;
