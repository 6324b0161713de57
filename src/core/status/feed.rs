//! The status list of one issuer as an engine holds it.

use alloc::string::String;
use alloc::sync::Arc;

use super::document::{Expected, StatusDocument, end_of};
use super::{StatusError, StatusListError};
use crate::claims::Claims;
use crate::feed::{Feed, FeedRules, Remote};
use crate::fetch::{FeedContent, FetchError, FetchOutcome, FetchResponse, Publication};
use crate::keys::KeySet;
use crate::policy::{IssuerPolicy, RemoteStatusList};
use crate::time::Timestamp;

/// The list in force, if there is one.
#[derive(Clone, Debug)]
pub(crate) struct CurrentStatus {
    names: Names,
    remote: Remote,
    document: Option<StatusDocument>,
}

/// What the list has to agree with.
#[derive(Clone, Debug)]
struct Names {
    issuer: Arc<str>,
    list: String,
    clock_skew_seconds: u64,
}

impl Names {
    fn expected(&self) -> Expected<'_> {
        Expected {
            issuer: &self.issuer,
            name: &self.list,
            clock_skew_seconds: self.clock_skew_seconds,
        }
    }
}

impl CurrentStatus {
    /// The list of an issuer that has one; `seed` spreads the fetches of many edges.
    pub(crate) fn new(policy: &IssuerPolicy, list: &RemoteStatusList, seed: u64) -> Self {
        let rules = FeedRules {
            refresh_seconds: list.refresh_seconds,
            jitter_seconds: 0,
            cooldown_seconds: COOLDOWN_SECONDS,
            maximum_stale_seconds: list.maximum_stale_seconds,
            wait_seconds: list.wait_seconds,
        };
        Self {
            names: Names {
                issuer: Arc::clone(&policy.issuer),
                list: list.name.clone(),
                clock_skew_seconds: policy.rules.clock_skew_seconds,
            },
            remote: Remote::new(rules.with_jitter(seed)),
            document: None,
        }
    }

    /// Whether the issuer still stands by a token.
    pub(crate) fn check(&self, claims: &Claims, now: Timestamp) -> Result<(), StatusError> {
        self.usable(now).ok_or(StatusError::NoList)?.list.check(claims)
    }

    fn usable(&self, now: Timestamp) -> Option<&StatusDocument> {
        self.document.as_ref().filter(|_| self.usable_until().is_some_and(|end| now < end))
    }

    /// The first second in which the list is too old, if none comes until then; none if it never came.
    pub(crate) fn usable_until(&self) -> Option<Timestamp> {
        let skew = self.names.clock_skew_seconds;
        let stale = self.remote.usable_until()?;
        let over = self.document.as_ref()?.expires.map(|expires| end_of(expires, skew));
        Some(stale.min(over.unwrap_or(Timestamp::NEVER)))
    }

    pub(crate) fn feed(&self) -> &Feed {
        self.remote.feed()
    }

    pub(crate) fn feed_mut(&mut self) -> &mut Feed {
        self.remote.feed_mut()
    }

    pub(crate) fn entity_tag(&self) -> Option<&str> {
        self.remote.entity_tag()
    }

    pub(crate) fn publication(&self) -> Option<Publication<'_>> {
        self.remote.publication()
    }

    /// Judges an answer by the issuer's keys.
    pub(crate) fn accept(
        &mut self,
        response: FetchResponse<'_>,
        keys: Option<&KeySet>,
        now: Timestamp,
    ) -> FetchOutcome {
        let reader =
            Reader { keys, current: self.document.as_ref(), expected: self.names.expected() };
        let read = self.remote.accept(response, now, |body| reader.read(body, now));
        self.take(read)
    }

    /// Takes over what another engine fetched, after the same checks.
    pub(crate) fn adopt(
        &mut self,
        publication: Publication<'_>,
        keys: Option<&KeySet>,
        now: Timestamp,
    ) -> FetchOutcome {
        let reader =
            Reader { keys, current: self.document.as_ref(), expected: self.names.expected() };
        let read = self.remote.adopt(publication, now, |body| reader.read(body, now));
        self.take(read)
    }

    fn take(&mut self, read: Result<Option<StatusDocument>, FetchError>) -> FetchOutcome {
        match read {
            Ok(Some(document)) => {
                let content = FeedContent::StatusList {
                    entries: document.list.entries(),
                    revoked_tokens: document.list.token_ids(),
                    sequence: document.version.sequence,
                    changed_at_milliseconds: document.changed_at,
                };
                self.document = Some(document);
                FetchOutcome::Accepted(content)
            }
            Ok(None) => FetchOutcome::Unchanged,
            Err(error) => FetchOutcome::Kept(error),
        }
    }
}

/// How a document is read that is to follow the one in force.
struct Reader<'a> {
    keys: Option<&'a KeySet>,
    current: Option<&'a StatusDocument>,
    expected: Expected<'a>,
}

impl Reader<'_> {
    fn read(&self, body: &[u8], now: Timestamp) -> Result<StatusDocument, FetchError> {
        let keys = self.keys.ok_or(StatusListError::UnknownKey)?;
        let document = StatusDocument::read(body, keys, self.expected, now)?;
        // R05, D05: an attacker, a cache, or an issuer restored from a backup.
        match self.current {
            Some(current) if document.version.is_before(current.version) => {
                Err(FetchError::Rollback)
            }
            _ => Ok(document),
        }
    }
}

impl From<StatusListError> for FetchError {
    fn from(error: StatusListError) -> Self {
        Self::StatusList(error)
    }
}

/// Between fetches that requests ask for.
const COOLDOWN_SECONDS: u64 = 1;
