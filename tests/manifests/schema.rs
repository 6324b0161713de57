//! Kubernetes resources against the schemas of their kinds, restated here from what Istio, Envoy Gateway and the
//! Gateway API publish. Unknown fields are errors, as for a server with strict validation.

use std::fs;

use edgelatch_tests::lab;
use serde_json::{Value, json};

use crate::resources::{self, KUBERNETES};

#[test]
fn every_resource_is_as_its_kind_asks() {
    for file in KUBERNETES {
        for resource in resources::read(file) {
            check(&resource).unwrap_or_else(|problem| panic!("{file}: {problem}"));
        }
    }
}

#[test]
fn a_misspelt_field_is_noticed_wherever_it_stands() {
    let mut tried = 0;
    for resource in KUBERNETES.into_iter().flat_map(resources::read) {
        for place in objects(&resource, "") {
            let mut misspelt = resource.clone();
            misspelt.pointer_mut(&place).unwrap()["mispelt"] = json!("x");
            assert!(check(&misspelt).is_err(), "{} at `{place}`", resource["kind"]);
            tried += 1;
        }
    }
    assert!(tried > 30, "only {tried} places");
}

/// What a server with these kinds refuses, and what must not be carried into a manifest by accident.
#[test]
fn wrong_values_are_noticed() {
    let plugin = resources::of_kind("envoy/istio.yaml", "WasmPlugin");
    let extension = resources::of_kind("envoy/envoy-gateway.yaml", "EnvoyExtensionPolicy");
    let tls = resources::of_kind("envoy/envoy-gateway.yaml", "BackendTLSPolicy");
    let wrong = [
        (&plugin, "/spec/phase", json!("AUTH")),
        (&plugin, "/spec/failStrategy", json!("FAIL_CLOSED")),
        (&plugin, "/spec/sha256", json!("sha256:00")),
        (&plugin, "/spec/url", json!("")),
        (&plugin, "/spec/pluginConfig", json!("text")),
        (&extension, "/spec/wasm/0/code/type", json!("HTTP")),
        (&extension, "/spec/wasm/0/code/image/sha256", json!("")),
        (&extension, "/spec/wasm/0/failOpen", json!("false")),
        (&extension, "/spec/targetRefs/0/kind", json!("Service")),
        (&tls, "/spec/validation/wellKnownCACertificates", json!("")),
        (&tls, "/apiVersion", json!("gateway.networking.k8s.io/v1alpha3")),
    ];
    for (resource, place, value) in wrong {
        let mut changed = resource.clone();
        *changed.pointer_mut(place).unwrap() = value;
        assert!(check(&changed).is_err(), "{place}");
    }
}

/// The choices that decide who gets in when something breaks.
#[test]
fn no_manifest_opens_the_door_when_something_breaks() {
    let plugin = resources::of_kind("envoy/istio.yaml", "WasmPlugin");
    assert_eq!(plugin["spec"]["failStrategy"], "FAIL_RELOAD");
    let extension = resources::of_kind("envoy/envoy-gateway.yaml", "EnvoyExtensionPolicy");
    assert_eq!(extension["spec"]["wasm"][0]["failOpen"], false);
    // Nothing has this digest: whoever forgets to fill it in guards with a closed door.
    let zeros = json!("0".repeat(64));
    assert_eq!(plugin["spec"]["sha256"], zeros);
    assert_eq!(extension["spec"]["wasm"][0]["code"]["image"]["sha256"], zeros);
}

/// The first thing that is wrong with a resource.
pub(crate) fn check(resource: &Value) -> Result<(), String> {
    let kind = resource["kind"].as_str().unwrap_or_default();
    let file = lab::repository().join(format!("tests/manifests/schemas/{kind}.json"));
    let schema = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let schema: Value = serde_json::from_slice(&schema).map_err(|error| error.to_string())?;
    let validator = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
    let problem = |error: jsonschema::ValidationError<'_>| {
        format!("{kind}{}: {error}", error.instance_path())
    };
    validator.validate(resource).map_err(problem)
}

/// JSON pointers to all objects whose fields a schema knows.
fn objects(value: &Value, place: &str) -> Vec<String> {
    let children: Vec<_> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), member)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
        }
        _ => Vec::new(),
    };
    let own = value.is_object().then(|| place.to_owned());
    let below = children
        .into_iter()
        .filter(|(name, _)| !FREE.contains(&name.as_str()))
        .flat_map(|(name, child)| objects(child, &format!("{place}/{name}")));
    own.into_iter().chain(below).collect()
}

/// Objects with names of their owner's choice.
const FREE: [&str; 4] = ["annotations", "config", "matchLabels", "pluginConfig"];
