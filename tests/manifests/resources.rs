//! The documents of a configuration file.

use std::fs;

use edgelatch_tests::lab;
use serde_json::Value;

/// The files that Kubernetes reads.
pub(crate) const KUBERNETES: [&str; 2] = ["envoy/istio.yaml", "envoy/envoy-gateway.yaml"];

/// The documents in a file, as JSON.
pub(crate) fn read(file: &str) -> Vec<Value> {
    let text = fs::read_to_string(lab::repository().join(file)).unwrap();
    serde_saphyr::from_multiple(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The one resource of a kind in a file.
pub(crate) fn of_kind(file: &str, kind: &str) -> Value {
    let mut found: Vec<_> = read(file).into_iter().filter(|one| one["kind"] == kind).collect();
    assert_eq!(found.len(), 1, "{file}: {kind}");
    found.remove(0)
}
