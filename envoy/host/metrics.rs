//! Counters and gauges in Envoy's statistics, where they appear under `wasmcustom.`.

use super::calls::{self, HostError, Level, MetricKind};
use std::collections::BTreeMap;

/// The metrics that were used so far. Each is defined at its first use, from names that the program
/// knows: what a request says never makes one.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    counters: BTreeMap<(&'static str, &'static str), u32>,
    gauges: BTreeMap<&'static str, Gauge>,
}

impl Metrics {
    /// Adds one to the counter named `{group}{code}`.
    pub(crate) fn count(&mut self, group: &'static str, code: &'static str) {
        if let Err(error) = self.try_count(group, code) {
            complain(&error);
        }
    }

    /// Sets the gauge `name`, if its value differs from the last one.
    pub(crate) fn record(&mut self, name: &'static str, value: u64) {
        if let Err(error) = self.try_record(name, value) {
            complain(&error);
        }
    }

    fn try_count(&mut self, group: &'static str, code: &'static str) -> Result<(), HostError> {
        if let Some(counter) = self.counters.get(&(group, code)) {
            return calls::count(*counter);
        }
        let counter = calls::define_metric(MetricKind::Counter, &format!("{group}{code}"))?;
        self.counters.insert((group, code), counter);
        calls::count(counter)
    }

    fn try_record(&mut self, name: &'static str, value: u64) -> Result<(), HostError> {
        let known = self.gauges.get(name).copied();
        if known.is_some_and(|gauge| gauge.value == value) {
            return Ok(());
        }
        let metric = match known {
            Some(gauge) => gauge.metric,
            None => calls::define_metric(MetricKind::Gauge, name)?,
        };
        calls::record(metric, value)?;
        self.gauges.insert(name, Gauge { metric, value });
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
struct Gauge {
    metric: u32,
    value: u64,
}

/// A missing number is no reason to refuse a request.
fn complain(error: &HostError) {
    calls::log(Level::Warning, &format!("a metric was not kept: {error}"));
}
