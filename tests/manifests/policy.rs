//! The policy inside the configurations: one text, good, and in force behind what a gateway makes of it.

use std::fs;
use std::process::Command;

use edgelatch_tests::lab;
use serde_json::Value;

use crate::gateway::{self, Gateway};
use crate::resources;

#[test]
fn the_policy_is_the_same_everywhere_but_for_the_way_to_the_issuer() {
    let without_issuer = |(file, mut policy): (&'static str, Value)| {
        for name in ["issuer", "jwks_uri", "envoy_cluster", "status_list"] {
            let removed = policy["issuers"][0].as_object_mut().unwrap().remove(name);
            assert!(removed.is_some(), "{file}: {name}");
        }
        (file, policy)
    };
    let policies = policies().map(without_issuer);
    let (_, first) = &policies[0];
    for (file, policy) in &policies {
        assert_eq!(policy, first, "{file}");
    }
}

#[test]
fn every_policy_passes_policy_check() {
    let folder = tempfile::tempdir().unwrap();
    for (file, policy) in policies() {
        let place = folder.path().join("policy.json");
        fs::write(&place, policy.to_string()).unwrap();
        let mut check = Command::new(lab::program().unwrap());
        check.args(["policy", "check"]).arg(&place);
        lab::run(check).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

#[test]
fn what_istio_makes_of_its_manifest_guards() {
    let [_, (_, policy), _] = policies();
    gateway::guards(&policy, Gateway::Istio);
}

#[test]
fn what_envoy_gateway_makes_of_its_manifest_guards() {
    let [_, _, (_, policy)] = policies();
    gateway::guards(&policy, Gateway::EnvoyGateway);
}

/// The policies in the order plain Envoy, Istio, Envoy Gateway.
fn policies() -> [(&'static str, Value); 3] {
    let plain = resources::read("envoy/envoy.yaml").remove(0);
    let plugin = resources::of_kind("envoy/istio.yaml", "WasmPlugin");
    let extension = resources::of_kind("envoy/envoy-gateway.yaml", "EnvoyExtensionPolicy");
    let filter =
        "/static_resources/listeners/0/filter_chains/0/filters/0/typed_config/http_filters/0";
    let value = format!("{filter}/typed_config/config/configuration/value");
    [
        ("envoy/envoy.yaml", plain.pointer(&value).unwrap().clone()),
        ("envoy/istio.yaml", plugin["spec"]["pluginConfig"].clone()),
        ("envoy/envoy-gateway.yaml", extension["spec"]["wasm"][0]["config"].clone()),
    ]
}
