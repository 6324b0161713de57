//! Envoy Gateway: `SecurityPolicy` with `jwt` and `authorization`.

use serde_json::{Map, Value, json};

use super::imported::Imported;
use super::notes::Notes;
use super::outcome::{Callers, Outcome};
use super::provider::{DEFAULT_SKEW, Provider};
use super::rules::{Condition, Layer, Rule};
use super::source::Source;
use super::{Defaults, issuers, keys, tokens};

mod authorization;

pub(super) const KIND: &str = "SecurityPolicy";

/// Reads the one policy in the documents.
pub(super) fn import(
    documents: &[Source<'_>],
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> Result<Imported, String> {
    let policies: Vec<_> = documents
        .iter()
        .filter(|document| document.text_at("kind").as_deref() == Some(KIND))
        .collect();
    let [policy] = policies.as_slice() else {
        return Err(format!("{} SecurityPolicies; import them one by one", policies.len()));
    };
    let Some(spec) = policy.field("spec") else {
        return Err("a SecurityPolicy without spec".to_owned());
    };
    let mut is_whole = spec.has_only(
        &["targetRef", "targetRefs", "targetSelectors", "jwt", "authorization", "cors"],
        notes,
    );
    notes.changed(
        &spec.place,
        "targets are not looked at: the routes hold wherever you attach the filter",
    );
    let Some(jwt) = spec.field("jwt") else {
        return Err("a SecurityPolicy without jwt".to_owned());
    };
    is_whole &= jwt.has_only(&["optional", "providers"], notes);
    let providers =
        jwt.list("providers").iter().map(|one| provider(one, documents, notes)).collect();
    let providers = issuers::merge(providers, defaults, notes)?;
    let outcome =
        if jwt.is_true("optional") { Outcome::OPEN } else { Outcome::Callers(Callers::default()) };
    let mut layers = vec![Layer::First(vec![rule(&jwt, Condition::everything(), outcome)])];
    // Another way to log in beside it, say, which every request had to pass.
    if !is_whole {
        layers.push(Layer::All(vec![Rule::refuse_all(&spec.place)]));
    }
    if let Some(authorization) = spec.field("authorization") {
        layers.extend(authorization::layers(&authorization, &providers, notes));
    }
    Ok(Imported { providers, layers })
}

fn rule(source: &Source<'_>, condition: Condition, outcome: Outcome) -> Rule {
    Rule { place: source.place.clone(), condition, outcome }
}

fn provider(source: &Source<'_>, documents: &[Source<'_>], notes: &mut Notes) -> Provider {
    let is_whole = source.has_only(&KNOWN, notes);
    let mut provider = Provider {
        name: source.text_at("name").unwrap_or_default(),
        place: source.place.clone(),
        issuer: source.text_at("issuer").unwrap_or_default(),
        audiences: source.texts("audiences", notes),
        keys: provider_keys(source, documents, notes),
        clock_skew_seconds: DEFAULT_SKEW,
        ..Provider::default()
    };
    if !is_whole {
        provider.keys.clear();
    }
    source.leave_out(&["recomputeRoute"], notes);
    locations(source, &mut provider, notes);
    for entry in source.list("claimToHeaders") {
        let header = entry.text_at("header").unwrap_or_default();
        let claim = entry.text_at("claim").unwrap_or_default();
        tokens::claim_to_header(&entry.place, &header, &claim, &mut provider, notes);
    }
    provider
}

fn locations(source: &Source<'_>, provider: &mut Provider, notes: &mut Notes) {
    let Some(from) = source.field("extractFrom") else {
        return tokens::in_default_places(&source.place, notes);
    };
    for header in from.list("headers") {
        let name = header.text_at("name").unwrap_or_default();
        let prefix = header.text_at("valuePrefix").unwrap_or_default();
        tokens::in_header(&header.place, &name, &prefix, provider, notes);
    }
    tokens::elsewhere(&from, ["params", "cookies"], notes);
}

fn provider_keys(
    source: &Source<'_>,
    documents: &[Source<'_>],
    notes: &mut Notes,
) -> Map<String, Value> {
    if let Some(remote) = source.field("remoteJWKS") {
        return remote_keys(&remote, notes);
    }
    let Some(local) = source.field("localJWKS") else {
        notes.lost(&source.place, "no keys; give remoteJWKS or localJWKS");
        return Map::new();
    };
    if let Some(text) = local.text_at("inline") {
        return keys::inline(&text, &local.place, notes);
    }
    let name = local.find(&["valueRef", "name"]).and_then(|name| name.text().map(str::to_owned));
    let Some(text) = name.and_then(|name| config_map(&name, documents)) else {
        notes.lost(&local.place, "the ConfigMap with the keys is not in the document; add it");
        return Map::new();
    };
    keys::inline(&text, &local.place, notes)
}

/// Through a cluster that this document does not name.
fn remote_keys(remote: &Source<'_>, notes: &mut Notes) -> Map<String, Value> {
    const KNOWN: [&str; 5] =
        ["uri", "backendRefs", "backendSettings", "cacheDuration", "failedRefetchDuration"];
    let uri = remote.text_at("uri").filter(|_| remote.has_only(&KNOWN, notes));
    let Some(uri) = uri else {
        notes.lost(&remote.place, "no uri; name where the key set is");
        return Map::new();
    };
    notes.changed(
        &remote.place,
        "add envoy_cluster to the issuer: the cluster that reaches jwks_uri, as in envoy/envoy-gateway.yaml",
    );
    remote.leave_out(&["backendRefs", "backendSettings"], notes);
    let mut keys = Map::from_iter([("jwks_uri".to_owned(), json!(uri))]);
    if let Some(field) = remote.field("cacheDuration") {
        let seconds = keys::clamped(&field, 10, 43_200, notes);
        keys.insert("refresh_seconds".to_owned(), json!(seconds));
    }
    if let Some(field) = remote.field("failedRefetchDuration") {
        let seconds = keys::clamped(&field, 1, 3_600, notes);
        keys.insert("cooldown_seconds".to_owned(), json!(seconds));
    }
    keys
}

/// The key `jwks` of a `ConfigMap`, or its first one, as Envoy Gateway reads it.
fn config_map(name: &str, documents: &[Source<'_>]) -> Option<String> {
    let is_it = |document: &&Source<'_>| {
        document.text_at("kind").as_deref() == Some("ConfigMap")
            && document.find(&["metadata", "name"]).is_some_and(|found| found.text() == Some(name))
    };
    let data = documents.iter().find(is_it)?.field("data")?;
    let first = || data.members().first().and_then(|(_, value)| value.text().map(str::to_owned));
    data.text_at("jwks").or_else(first)
}

const KNOWN: [&str; 8] = [
    "name",
    "issuer",
    "audiences",
    "remoteJWKS",
    "localJWKS",
    "claimToHeaders",
    "recomputeRoute",
    "extractFrom",
];
