//! Counters, gauges and histograms in Envoy's statistics, where they appear under `wasmcustom.`.

use super::calls::{self, HostError, Level, MetricKind};

/// The metrics that were used so far; each is defined at its first use.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    known: Vec<Metric>,
    /// Envoy does not keep metrics for this filter.
    is_off: bool,
}

#[derive(Debug)]
struct Metric {
    name: String,
    number: u32,
    /// The last value of a gauge.
    value: Option<u64>,
}

impl Metrics {
    /// Adds to a counter.
    pub(crate) fn add(&mut self, name: &str, count: u64) {
        if count == 0 {
            return; // The host takes that for a mistake.
        }
        self.act(MetricKind::Counter, name, |metric| calls::count(metric.number, count));
    }

    /// Sets a gauge, if its value differs from the last one.
    pub(crate) fn set(&mut self, name: &str, value: u64) {
        self.act(MetricKind::Gauge, name, |metric| match metric.value.replace(value) {
            Some(last) if last == value => Ok(()),
            _ => calls::record(metric.number, value),
        });
    }

    /// Adds a value to a histogram.
    pub(crate) fn observe(&mut self, name: &str, value: u64) {
        self.act(MetricKind::Histogram, name, |metric| calls::record(metric.number, value));
    }

    /// A missing number is no reason to refuse a request, and one line about it is enough.
    fn act(
        &mut self,
        kind: MetricKind,
        name: &str,
        act: impl FnOnce(&mut Metric) -> Result<(), HostError>,
    ) {
        if self.is_off {
            return;
        }
        let done = match self.known.iter_mut().find(|metric| metric.name == name) {
            Some(metric) => act(metric),
            None => calls::define_metric(kind, name).and_then(|number| {
                let mut metric = Metric { name: name.to_owned(), number, value: None };
                let done = act(&mut metric);
                self.known.push(metric);
                done
            }),
        };
        if let Err(error) = done {
            calls::log(Level::Warning, &format!("metrics are not kept, as {error}"));
            self.is_off = true;
        }
    }
}
