//! The keys of one issuer as an engine holds them: inline ones for ever, fetched ones as long as
//! their feed allows.

use crate::algorithm::Algorithm;
use crate::feed::{Feed, FeedRules, Freshness};
use crate::keys::{KeySet, KeySetError};
use crate::policy::{IssuerKeys, IssuerPolicy};
use crate::time::Timestamp;

use alloc::vec::Vec;

/// The current keys of one issuer.
#[derive(Clone, Debug)]
pub(crate) struct CurrentKeys {
    keys: KeySet,
    algorithms: Vec<Algorithm>,
    feed: Option<Feed>,
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
        /// The whole body, up to 64 KiB.
        body: &'a [u8],
    },
}

/// What became of a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchOutcome {
    /// The new keys are in use.
    Accepted {
        /// How many of them.
        keys: usize,
        /// Published keys that are not used.
        skipped: usize,
    },
    /// What was there before stays in use.
    Kept(FetchError),
}

/// Why an answer was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// There was none.
    Failed,
    /// Not a usable key set.
    KeySet(KeySetError),
    /// Another status than 200. Redirects are not followed: they could lead anywhere.
    Status(u16),
    /// Nobody asked for it.
    Unexpected,
}

impl CurrentKeys {
    pub(crate) fn new(policy: &IssuerPolicy) -> Self {
        let algorithms = policy.algorithms.clone();
        match &policy.keys {
            IssuerKeys::Inline(keys) => Self { keys: keys.clone(), algorithms, feed: None },
            IssuerKeys::Remote(remote) => {
                let rules = FeedRules {
                    refresh_seconds: remote.refresh_seconds,
                    cooldown_seconds: remote.cooldown_seconds,
                    maximum_stale_seconds: remote.maximum_stale_seconds,
                };
                Self { keys: KeySet::default(), algorithms, feed: Some(Feed::new(rules)) }
            }
        }
    }

    /// The keys, unless they never came or are too old.
    pub(crate) fn usable(&self, now: Timestamp) -> Option<&KeySet> {
        match self.feed.as_ref().map(|feed| feed.freshness(now)) {
            None | Some(Freshness::Fresh | Freshness::Stale) => Some(&self.keys),
            Some(Freshness::Empty | Freshness::Expired) => None,
        }
    }

    pub(crate) fn feed(&self) -> Option<&Feed> {
        self.feed.as_ref()
    }

    /// Whether waiting for a fetch can help a request that found no key.
    pub(crate) fn ask(&mut self, now: Timestamp) -> bool {
        self.feed.as_mut().is_some_and(|feed| feed.ask(now))
    }

    pub(crate) fn start_fetch(&mut self, now: Timestamp) -> bool {
        self.feed.as_mut().is_some_and(|feed| feed.start_fetch(now))
    }

    /// Judges an answer; a bad one changes nothing but the time of the next fetch.
    pub(crate) fn accept(&mut self, response: FetchResponse<'_>, now: Timestamp) -> FetchOutcome {
        let Some(feed) = &mut self.feed else {
            return FetchOutcome::Kept(FetchError::Unexpected);
        };
        match load(response, &self.algorithms) {
            Ok((keys, skipped)) => {
                feed.succeeded(now);
                self.keys = keys;
                FetchOutcome::Accepted { keys: self.keys.iter().count(), skipped }
            }
            Err(error) => {
                feed.failed(now);
                FetchOutcome::Kept(error)
            }
        }
    }
}

fn load(
    response: FetchResponse<'_>,
    algorithms: &[Algorithm],
) -> Result<(KeySet, usize), FetchError> {
    match response {
        FetchResponse::Failed => Err(FetchError::Failed),
        FetchResponse::Received { status: 200, body } => {
            let loaded = KeySet::load(body, algorithms).map_err(FetchError::KeySet)?;
            Ok((loaded.keys, loaded.skipped.len()))
        }
        FetchResponse::Received { status, .. } => Err(FetchError::Status(status)),
    }
}

impl core::fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Failed => formatter
                .write_str("no answer; check that the issuer runs and that this edge can reach it"),
            Self::KeySet(error) => write!(formatter, "{error}"),
            Self::Status(status) => {
                write!(formatter, "status {status} instead of 200; check the URL of the key set")
            }
            Self::Unexpected => formatter.write_str("an answer that nobody asked for"),
        }
    }
}

impl core::error::Error for FetchError {}
