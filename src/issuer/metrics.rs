//! Numbers for Prometheus: what was asked, what was refused, how soon edges hear of a change.

use core::fmt;
use core::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::audit::Event;
use crate::issuer::Issuer;

/// Seconds from a change on disk to the answer that tells an edge.
const PROPAGATION_BUCKETS: [f64; 11] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// No client ids: their number would be that of the time series.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusedLabels {
    error: &'static str,
}

type Level = Gauge<u64, AtomicU64>;

/// All metrics of one issuer.
pub(crate) struct Metrics {
    registry: Registry,
    tokens_issued: Counter,
    tokens_refused: Family<RefusedLabels, Counter>,
    revocations: Counter,
    revocations_refused: Family<RefusedLabels, Counter>,
    levels: Levels,
    propagation: Histogram,
}

/// Read from the issuer when somebody asks.
#[derive(Default)]
struct Levels {
    sequence: Level,
    entries: Level,
    invalid_entries: Level,
    revoked_tokens: Level,
    waiting_edges: Level,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("edgelatch"),
            tokens_issued: Counter::default(),
            tokens_refused: Family::default(),
            revocations: Counter::default(),
            revocations_refused: Family::default(),
            levels: Levels::default(),
            propagation: Histogram::new(PROPAGATION_BUCKETS),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("tokens_issued", "Access tokens issued", self.tokens_issued.clone());
        registry.register(
            "token_requests_refused",
            "Token requests refused, by OAuth error",
            self.tokens_refused.clone(),
        );
        registry.register(
            "revocations",
            "Revocation requests answered with 200",
            self.revocations.clone(),
        );
        registry.register(
            "revocation_requests_refused",
            "Revocation requests refused, by OAuth error",
            self.revocations_refused.clone(),
        );
        registry.register(
            "status_list_propagation_seconds",
            "From the commit of a change to the answer for an edge that waits",
            self.propagation.clone(),
        );
        self.levels.register(registry);
    }

    /// Counts a request by how it ended.
    pub(crate) fn count(&self, event: Event, error: Option<&'static str>) {
        let (done, refused) = match event {
            Event::TokenRequest => (&self.tokens_issued, &self.tokens_refused),
            Event::TokenRevocation => (&self.revocations, &self.revocations_refused),
        };
        match error {
            None => done.inc(),
            Some(error) => refused.get_or_create(&RefusedLabels { error }).inc(),
        };
    }

    /// An edge that waited is told of a change that is so many milliseconds old.
    pub(crate) fn observe_propagation(&self, milliseconds: u64) {
        let milliseconds = u32::try_from(milliseconds).unwrap_or(u32::MAX);
        self.propagation.observe(f64::from(milliseconds) / 1000.0);
    }

    /// The text form.
    pub(crate) fn write(&self, issuer: &Issuer, now: u64) -> Result<String, fmt::Error> {
        self.levels.read(issuer, now);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Levels {
    fn register(&self, registry: &mut Registry) {
        for (name, help, level) in [
            ("status_list_sequence", "Changes that took access away", &self.sequence),
            ("status_list_entries", "Places of the status list that were given", &self.entries),
            ("status_list_invalid_entries", "Places whose tokens are dead", &self.invalid_entries),
            (
                "revoked_tokens",
                "Tokens revoked one by one, not yet forgotten",
                &self.revoked_tokens,
            ),
            ("waiting_edges", "Requests that wait for the next status list", &self.waiting_edges),
        ] {
            registry.register(name, help, level.clone());
        }
    }

    fn read(&self, issuer: &Issuer, now: u64) {
        let snapshot = issuer.snapshot();
        let status = snapshot.status();
        self.sequence.set(status.sequence());
        self.entries.set(status.given_entries());
        self.invalid_entries.set(count(status.invalid_entries()));
        self.revoked_tokens.set(count(status.revoked_tokens(now).count()));
        self.waiting_edges.set(count(issuer.status_feed.waiting()));
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
