//! What the operator hears: counters, gauges and histograms in Envoy's statistics, and for each request
//! what its access log may show. The decision is made when this begins.

mod checks;
mod names;
mod requests;
mod state;
mod summary;

use self::checks::Checks;
use self::requests::Requests;
pub(crate) use self::state::Detail;
use crate::crypto::{Backend, Crypto};
use crate::host::{self, Metrics};
use edgelatch_core::{
    Algorithm, Engine, Facts, FeedContent, FeedId, FeedState, Freshness, Rejection, Timestamp,
};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Allowed,
    Denied,
    /// Let pass by a route that only observes.
    WouldDeny,
}

/// How this engine came by news of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Update {
    /// It fetched a new document, or had the old one confirmed.
    Fetched,
    /// It tried.
    Failed,
    /// Another engine fetched, this one took it over.
    Adopted,
}

/// Everything that is told, and what was told last.
#[derive(Debug, Default)]
pub(crate) struct Tell {
    metrics: Metrics,
    requests: Requests,
    checks: Checks,
    detail: Detail,
    /// When each list that is in force says that it last changed.
    changes: Vec<(FeedId, u64)>,
    /// Hits and misses of the token cache that were handed over.
    cache: (u64, u64),
    /// When the gauges were last shown, in milliseconds of the steady clock.
    shown: u64,
}

impl Tell {
    /// Says this much of each request from now on.
    pub(crate) fn show(&mut self, detail: Detail) {
        self.detail = detail;
    }

    /// Takes note of a decision on the request in force.
    pub(crate) fn decided(&mut self, outcome: Outcome, reason: Option<Rejection>, facts: &Facts) {
        let reason = reason.map(Rejection::code);
        self.requests.count(outcome, reason.unwrap_or(names::NONE), facts.issuer.as_ref());
        state::show(self.detail, outcome, reason, facts);
    }

    /// Shows who checks the signatures of each algorithm: 1 is Envoy.
    pub(crate) fn crypto(&mut self, crypto: &Crypto) {
        for (algorithm, is_on_host) in crypto.backends() {
            self.metrics.set(&names::backend(algorithm), u64::from(is_on_host));
        }
    }

    /// Counts a signature check.
    pub(crate) fn checked(&mut self, algorithm: Algorithm, backend: Backend) {
        self.checks.count(algorithm, backend);
    }

    /// Notes how long a signature check took.
    pub(crate) fn verified(&mut self, algorithm: Algorithm, microseconds: u64) {
        self.metrics.observe(&names::verification(algorithm), microseconds);
    }

    /// Counts an update of a feed.
    pub(crate) fn update(&mut self, feed: &FeedState<'_>, update: Update) {
        self.metrics.add(&names::update(feed, update), 1);
    }

    /// Measures how long it took until a change of a status list was in force here. The first list says
    /// nothing about that: its change was before this engine.
    pub(crate) fn accepted(&mut self, feed: &FeedState<'_>, content: FeedContent) {
        let FeedContent::StatusList { changed_at_milliseconds: Some(changed), .. } = content else {
            return;
        };
        match self.changes.iter_mut().find(|(known, _)| *known == feed.feed) {
            None => self.changes.push((feed.feed, changed)),
            Some((_, last)) if *last == changed => {}
            Some((_, last)) => {
                *last = changed;
                let delay = host::now_milliseconds().saturating_sub(changed);
                self.metrics.observe(&names::revocation_delay(feed), delay);
                self.metrics.set(&names::last_revocation_delay(feed), delay);
            }
        }
    }

    /// Hands over what was counted, and once a second shows the state of the feeds.
    pub(crate) fn tick(&mut self, engine: &Engine, now: Timestamp, steady: u64) {
        if steady.saturating_sub(self.shown) < PERIOD {
            return;
        }
        self.shown = steady;
        self.requests.hand_over(&mut self.metrics);
        self.checks.hand_over(&mut self.metrics);
        for feed in engine.feeds(now) {
            self.show_feed(&feed);
        }
        self.show_cache(engine);
    }

    fn show_cache(&mut self, engine: &Engine) {
        let now = engine.cache_statistics();
        let (hits, misses) = core::mem::replace(&mut self.cache, (now.hits, now.misses));
        self.metrics.add(names::CACHE_HITS, now.hits.saturating_sub(hits));
        self.metrics.add(names::CACHE_MISSES, now.misses.saturating_sub(misses));
        for (name, value) in [(names::CACHE_ENTRIES, now.entries), (names::CACHE_BYTES, now.bytes)]
        {
            self.metrics.set(name, u64::try_from(value).unwrap_or(u64::MAX));
        }
    }

    fn show_feed(&mut self, feed: &FeedState<'_>) {
        for freshness in [Freshness::Empty, Freshness::Expired, Freshness::Fresh, Freshness::Stale]
        {
            let is_so = u64::from(feed.freshness == freshness);
            self.metrics.set(&names::state(feed, freshness), is_so);
        }
        if let Some(age) = feed.age_seconds {
            self.metrics.set(&names::age(feed), age);
        }
    }
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::WouldDeny => "would_deny",
        }
    }
}

/// Milliseconds between two looks at the gauges.
const PERIOD: u64 = 1_000;
