//! What the operator hears: counters, gauges and histograms in Envoy's statistics, and for each request
//! what its access log may show. The decision is made when this begins.

mod names;
mod requests;
mod state;
mod summary;

use self::requests::Requests;
pub(crate) use self::state::Detail;
use crate::crypto::Crypto;
use crate::host::Metrics;
use edgelatch_core::{Algorithm, Engine, Facts, FeedState, Freshness, Rejection, Timestamp};

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
    detail: Detail,
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

    /// Notes how long a signature check took. Next to it, the note costs little.
    pub(crate) fn verified(&mut self, algorithm: Algorithm, microseconds: u64) {
        self.metrics.observe(&names::verification(algorithm), microseconds);
    }

    /// Counts an update of a feed.
    pub(crate) fn update(&mut self, feed: &FeedState<'_>, update: Update) {
        self.metrics.add(&names::update(feed, update), 1);
    }

    /// Hands over what was counted, and once a second shows the state of the feeds.
    pub(crate) fn tick(&mut self, engine: &Engine, now: Timestamp, steady: u64) {
        if steady.saturating_sub(self.shown) < PERIOD {
            return;
        }
        self.shown = steady;
        self.requests.hand_over(&mut self.metrics);
        for feed in engine.feeds(now) {
            self.show_feed(&feed);
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
