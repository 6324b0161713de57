//! How many signatures were checked, and by whom. Counted here and handed to Envoy on a tick, as requests are.

use super::names;
use crate::crypto::Backend;
use crate::host::Metrics;
use edgelatch_core::Algorithm;

/// The counts since the last hand-over.
#[derive(Debug, Default)]
pub(super) struct Checks {
    counts: Vec<(Algorithm, Backend, u64)>,
}

impl Checks {
    /// Counts one.
    pub(super) fn count(&mut self, algorithm: Algorithm, backend: Backend) {
        let is_it =
            |count: &&mut (Algorithm, Backend, u64)| (count.0, count.1) == (algorithm, backend);
        match self.counts.iter_mut().find(is_it) {
            Some((.., number)) => *number = number.saturating_add(1),
            None => self.counts.push((algorithm, backend, 1)),
        }
    }

    /// Adds what was counted to Envoy's counters.
    pub(super) fn hand_over(&mut self, metrics: &mut Metrics) {
        for (algorithm, backend, number) in &mut self.counts {
            if *number > 0 {
                metrics.add(&names::checks(*algorithm, *backend), *number);
                *number = 0;
            }
        }
    }
}
