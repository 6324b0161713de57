//! Policies offered to Envoy for validation, several at a time: each takes a start of Envoy.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;

use super::bootstrap::Bootstrap;
use crate::corpus::{Expanded, Trial};
use crate::lab::Envoy;

/// What Envoy says of every policy that a case of the corpus offers; `None` if it is content.
pub(super) fn validate(
    corpus: &Expanded,
    bootstrap: &Bootstrap,
) -> BTreeMap<String, Option<String>> {
    let configurations =
        corpus.cases.iter().filter(|case| matches!(case.trial, Trial::Configuration(_)));
    let policies = configurations.filter_map(|case| corpus.policies.get(&case.policy));
    let waiting = Mutex::new(policies);
    let complaints = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some(policy) = waiting.lock().ok().and_then(|mut policies| policies.next()) {
            let complaint = offer(policy, bootstrap);
            if let Ok(mut complaints) = complaints.lock() {
                complaints.insert(policy.clone(), complaint);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    complaints.into_inner().unwrap_or_default()
}

/// What Envoy says of one policy.
pub(super) fn offer(policy: &str, bootstrap: &Bootstrap) -> Option<String> {
    let listeners = BTreeMap::from([("offered".to_owned(), policy.to_owned())]);
    Envoy::validate(&bootstrap.config(&listeners)).err()
}
