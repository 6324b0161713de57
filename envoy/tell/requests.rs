//! How many requests had which outcome. Counted here and handed to Envoy on a tick: a host call for each
//! request would cost more than counting.

use super::{Outcome, names};
use crate::host::Metrics;
use std::sync::Arc;

/// Who vouched for the caller, if anybody did. An issuer of the policy, so there are few.
type Issuer = Option<Arc<str>>;

/// The counts since the last hand-over.
#[derive(Debug, Default)]
pub(super) struct Requests {
    counts: Vec<Count>,
}

#[derive(Debug)]
struct Count {
    outcome: Outcome,
    reason: &'static str,
    issuer: Issuer,
    number: u64,
}

impl Requests {
    /// Counts one.
    pub(super) fn count(
        &mut self,
        outcome: Outcome,
        reason: &'static str,
        issuer: Option<&Arc<str>>,
    ) {
        let known = self.counts.iter_mut().find(|count| {
            count.outcome == outcome && count.reason == reason && count.issuer.as_ref() == issuer
        });
        match known {
            Some(count) => count.number = count.number.saturating_add(1),
            None => self.counts.push(Count { outcome, reason, issuer: issuer.cloned(), number: 1 }),
        }
    }

    /// Adds what was counted to Envoy's counters.
    pub(super) fn hand_over(&mut self, metrics: &mut Metrics) {
        for Count { outcome, reason, issuer, number } in &mut self.counts {
            if *number > 0 {
                metrics.add(&names::requests(*outcome, reason, issuer.as_deref()), *number);
                *number = 0;
            }
        }
    }
}
