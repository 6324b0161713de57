//! Istio: `RequestAuthentication` says whose tokens count, `AuthorizationPolicy` what they are good for.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::imported::Imported;
use super::notes::Notes;
use super::outcome::Outcome;
use super::provider::{DEFAULT_SKEW, Provider};
use super::rules::{Condition, Layer, Rule};
use super::source::Source;
use super::{Defaults, issuers, keys, tokens};

mod authorization;
mod operation;
mod source;

pub(super) const KINDS: [&str; 2] = ["RequestAuthentication", "AuthorizationPolicy"];

/// Reads all objects as if they were for the same workload.
pub(super) fn import(
    documents: &[Source<'_>],
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> Result<Imported, String> {
    let mut providers = Vec::new();
    let mut policies = Vec::new();
    let objects: Vec<_> = documents.iter().filter(|document| is_ours(document)).collect();
    same_workloads(&objects)?;
    for object in objects {
        let empty = Source::new(&Value::Null, object.place.clone());
        let spec = object.field("spec").unwrap_or(empty);
        if object.text_at("kind").as_deref() == Some(KINDS[1]) {
            policies.extend(in_force(object, spec, notes));
        } else if spec.has_only(&["selector", "targetRef", "targetRefs", "jwtRules"], notes) {
            providers.extend(spec.list("jwtRules").iter().map(|rule| provider(rule, notes)));
        }
    }
    notes
        .changed("", "selectors are not looked at: the routes hold wherever you attach the filter");
    let providers = issuers::merge(providers, defaults, notes)?;
    // Without an AuthorizationPolicy a request without a token passes.
    let open =
        Rule { place: String::new(), condition: Condition::everything(), outcome: Outcome::OPEN };
    let mut layers = vec![Layer::First(vec![open])];
    layers.extend(authorization::layers(&policies, &providers, notes));
    Ok(Imported { providers, layers })
}

fn is_ours(document: &Source<'_>) -> bool {
    document.text_at("kind").is_some_and(|kind| KINDS.contains(&kind.as_str()))
}

/// What one workload may do must not open another one. Objects in the root namespace are for all.
fn same_workloads(objects: &[&Source<'_>]) -> Result<(), String> {
    let target = |object: &&Source<'_>| {
        let spec = object.field("spec");
        let of = |name: &str| spec.as_ref()?.field(name).map(|field| field.value.clone());
        ["selector", "targetRef", "targetRefs"].map(of)
    };
    let namespace = |object: &&Source<'_>| object.find(&["metadata"])?.text_at("namespace");
    let targets: Vec<_> = objects.iter().map(target).collect();
    let mut namespaces: BTreeSet<_> = objects.iter().filter_map(namespace).collect();
    namespaces.remove("istio-system");
    let differ = targets.windows(2).any(|pair| pair.first() != pair.last());
    if differ || namespaces.len() > 1 {
        let problem =
            "its objects select different workloads; import those of one workload at a time";
        return Err(problem.to_owned());
    }
    Ok(())
}

/// A policy on trial decides nothing: what it would allow is not allowed yet.
fn in_force<'a>(object: &Source<'a>, spec: Source<'a>, notes: &mut Notes) -> Option<Source<'a>> {
    let annotations = object.find(&["metadata", "annotations"]);
    let trial = annotations.and_then(|all| all.value.get("istio.io/dry-run"));
    if trial.is_some_and(|trial| trial == "true" || trial == &Value::Bool(true)) {
        notes.changed(
            &object.place,
            "a policy on trial (istio.io/dry-run) is left out; give routes mode: observe to try them",
        );
        return None;
    }
    Some(spec)
}

fn provider(source: &Source<'_>, notes: &mut Notes) -> Provider {
    let is_whole = source.has_only(&KNOWN, notes);
    let issuer = source.text_at("issuer").unwrap_or_default();
    let mut provider = Provider {
        name: issuer.clone(),
        place: source.place.clone(),
        issuer,
        audiences: source.texts("audiences", notes),
        keys: provider_keys(source, notes),
        clock_skew_seconds: DEFAULT_SKEW,
        strips_token: !source.is_true("forwardOriginalToken"),
        ..Provider::default()
    };
    if !is_whole {
        provider.keys.clear();
    }
    source.leave_out(&["timeout"], notes);
    if source.field("fromHeaders").is_none() && source.field("fromParams").is_none() {
        tokens::in_default_places(&source.place, notes);
    }
    for header in source.list("fromHeaders") {
        let name = header.text_at("name").unwrap_or_default();
        let prefix = header.text_at("prefix").unwrap_or_default();
        tokens::in_header(&header.place, &name, &prefix, &mut provider, notes);
    }
    tokens::elsewhere(source, ["fromParams", "fromCookies"], notes);
    if let Some(field) = source.field("outputPayloadToHeader") {
        tokens::payload_header(&field, &mut provider, notes);
    }
    for entry in source.list("outputClaimToHeaders") {
        let header = entry.text_at("header").unwrap_or_default();
        let claim = entry.text_at("claim").unwrap_or_default();
        tokens::claim_to_header(&entry.place, &header, &claim, &mut provider, notes);
    }
    provider
}

fn provider_keys(source: &Source<'_>, notes: &mut Notes) -> Map<String, Value> {
    if let Some(field) = source.field("jwks") {
        return keys::inline(field.text().unwrap_or_default(), &field.place, notes);
    }
    let Some(field) = source.field("jwks_uri") else {
        notes.lost(
            &source.place,
            "keys by discovery; add jwksUri, which the issuer's metadata names",
        );
        return Map::new();
    };
    let uri = field.text().unwrap_or_default();
    let mut keys = Map::from_iter([("jwks_uri".to_owned(), json!(uri))]);
    if let Some(cluster) = cluster(uri) {
        notes.changed(
            &field.place,
            "the sidecar fetches the keys itself: it needs a ServiceEntry for this host, as in envoy/istio.yaml",
        );
        keys.insert("envoy_cluster".to_owned(), json!(cluster));
    }
    keys
}

/// As Istio calls the cluster of a host.
fn cluster(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let default = if scheme == "https" { "443" } else { "80" };
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, default));
    Some(format!("outbound|{port}||{host}"))
}

const KNOWN: [&str; 12] = [
    "issuer",
    "audiences",
    "jwks_uri",
    "jwks",
    "fromHeaders",
    "fromParams",
    "fromCookies",
    "outputPayloadToHeader",
    "forwardOriginalToken",
    "outputClaimToHeaders",
    "timeout",
    "spaceDelimitedClaims",
];
