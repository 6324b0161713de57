//! How an edge stays up to date without waiting: the state of one fetched document, as a machine that
//! a host drives. It has no clock and no socket; it says when to fetch and judges what came.
//!
//! The last good value is never given up before its time: an issuer that fails must not take the
//! edge down, and an issuer that is gone for too long must not be believed for ever.

use crate::time::Timestamp;

/// When to fetch, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeedRules {
    /// Between fetches that succeed.
    pub(crate) refresh_seconds: u64,
    /// Between fetches that a request asks for.
    pub(crate) cooldown_seconds: u64,
    /// How old the last good value may become.
    pub(crate) maximum_stale_seconds: u64,
}

/// The state of one feed.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    rules: FeedRules,
    /// When the last good value came.
    received: Option<Timestamp>,
    /// When the next fetch is due.
    due: Timestamp,
    /// When the fetch that is under way began.
    under_way: Option<Timestamp>,
    /// When a fetch last began.
    last_attempt: Option<Timestamp>,
    failures: u32,
}

/// How far a feed's value may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing came yet.
    Empty,
    /// Too old to be used.
    Expired,
    /// Up to date.
    Fresh,
    /// Older than planned, still used.
    Stale,
}

impl Feed {
    pub(crate) fn new(rules: FeedRules) -> Self {
        Self {
            rules,
            received: None,
            due: Timestamp::default(),
            under_way: None,
            last_attempt: None,
            failures: 0,
        }
    }

    /// Whether to fetch now. A `true` counts as a fetch under way until [`Self::succeeded`] or
    /// [`Self::failed`], or until it is so old that the answer must have been lost.
    pub(crate) fn start_fetch(&mut self, now: Timestamp) -> bool {
        self.forget_the_future(now);
        if self.is_under_way(now) || now < self.due {
            return false;
        }
        self.under_way = Some(now);
        self.last_attempt = Some(now);
        true
    }

    /// Asks for a fetch before its time, because a request needs what we do not have. Answers whether
    /// waiting for a fetch can help: at most one in each cool-down, whatever is asked.
    pub(crate) fn ask(&mut self, now: Timestamp) -> bool {
        self.forget_the_future(now);
        let is_soon = self.due <= now.saturating_add(SOON_SECONDS);
        let has_nothing = matches!(self.freshness(now), Freshness::Empty | Freshness::Expired);
        if self.is_under_way(now) || (has_nothing && is_soon) {
            return true;
        }
        let last = self.last_attempt.unwrap_or_default();
        if now < last.saturating_add(self.rules.cooldown_seconds) {
            return false;
        }
        self.due = self.due.min(now);
        true
    }

    pub(crate) fn succeeded(&mut self, now: Timestamp) {
        self.under_way = None;
        self.failures = 0;
        self.received = Some(now);
        self.due = now.saturating_add(self.rules.refresh_seconds);
    }

    pub(crate) fn failed(&mut self, now: Timestamp) {
        self.under_way = None;
        self.failures = self.failures.saturating_add(1);
        self.due = now.saturating_add(self.retry_seconds());
    }

    pub(crate) fn freshness(&self, now: Timestamp) -> Freshness {
        let Some(age) = self.age_seconds(now) else {
            return Freshness::Empty;
        };
        let planned = self.rules.refresh_seconds.saturating_add(FETCH_TIMEOUT_SECONDS);
        if age > self.rules.maximum_stale_seconds {
            Freshness::Expired
        } else if age > planned {
            Freshness::Stale
        } else {
            Freshness::Fresh
        }
    }

    pub(crate) fn age_seconds(&self, now: Timestamp) -> Option<u64> {
        self.received.map(|received| now.seconds_since(received))
    }

    /// After the host's clock went wrong and was set right, times noted in between lie in the future. Left
    /// alone, they would stop all fetching until then, and old keys would look fresh.
    fn forget_the_future(&mut self, now: Timestamp) {
        self.received = self.received.map(|time| time.min(now));
        self.under_way = self.under_way.map(|time| time.min(now));
        self.last_attempt = self.last_attempt.map(|time| time.min(now));
        self.due = self.due.min(now.saturating_add(self.rules.refresh_seconds));
    }

    fn is_under_way(&self, now: Timestamp) -> bool {
        self.under_way.is_some_and(|begin| now.seconds_since(begin) < FETCH_TIMEOUT_SECONDS)
    }

    /// 1, 2, 4 ... seconds, at most a minute and never more than the planned interval.
    fn retry_seconds(&self) -> u64 {
        let doublings = self.failures.saturating_sub(1).min(6);
        (1_u64 << doublings).min(MAXIMUM_RETRY_SECONDS).min(self.rules.refresh_seconds)
    }
}

/// After this time an answer is taken for lost, so that one lost answer does not end all fetching.
const FETCH_TIMEOUT_SECONDS: u64 = 10;

/// As long as a request may wait.
const SOON_SECONDS: u64 = 2;

const MAXIMUM_RETRY_SECONDS: u64 = 60;

#[cfg(test)]
mod tests;
