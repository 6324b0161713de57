//! Envoy Gateway: `SecurityPolicy` with `jwt` and `authorization`.

use serde_json::{Map, Value, json};

use super::imported::Imported;
use super::notes::Notes;
use super::outcome::{Callers, Outcome};
use super::provider::{DEFAULT_SKEW, Provider};
use super::rules::{Condition, Layer, Rule};
use super::source::Source;
use super::{Defaults, issuers, keys, tokens};

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
    spec.expect_only(
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
    jwt.expect_only(&["optional", "providers"], notes);
    let providers =
        jwt.list("providers").iter().map(|one| provider(one, documents, notes)).collect();
    let providers = issuers::merge(providers, defaults, notes)?;
    let outcome =
        if jwt.is_true("optional") { Outcome::OPEN } else { Outcome::Callers(Callers::default()) };
    let mut layers = vec![Layer::First(vec![rule(&jwt, Condition::everything(), outcome)])];
    if let Some(authorization) = spec.field("authorization") {
        layers.extend(authorize(&authorization, &providers, notes));
    }
    Ok(Imported { providers, layers })
}

fn rule(source: &Source<'_>, condition: Condition, outcome: Outcome) -> Rule {
    Rule { place: source.place.clone(), condition, outcome }
}

fn provider(source: &Source<'_>, documents: &[Source<'_>], notes: &mut Notes) -> Provider {
    source.expect_only(&KNOWN, notes);
    let mut provider = Provider {
        name: source.text_at("name").unwrap_or_default(),
        place: source.place.clone(),
        issuer: source.text_at("issuer").unwrap_or_default(),
        audiences: source.texts("audiences", notes),
        keys: provider_keys(source, documents, notes),
        clock_skew_seconds: DEFAULT_SKEW,
        ..Provider::default()
    };
    if let Some(from) = source.field("extractFrom") {
        for header in from.list("headers") {
            let name = header.text_at("name").unwrap_or_default();
            let prefix = header.text_at("valuePrefix").unwrap_or_default();
            tokens::in_header(&header.place, &name, &prefix, &mut provider, notes);
        }
        tokens::elsewhere(&from, ["params", "cookies"], notes);
    }
    for entry in source.list("claimToHeaders") {
        let header = entry.text_at("header").unwrap_or_default();
        let claim = entry.text_at("claim").unwrap_or_default();
        tokens::claim_to_header(&entry.place, &header, &claim, &mut provider, notes);
    }
    provider
}

fn provider_keys(
    source: &Source<'_>,
    documents: &[Source<'_>],
    notes: &mut Notes,
) -> Map<String, Value> {
    if let Some(uri) =
        source.find(&["remoteJWKS", "uri"]).and_then(|uri| uri.text().map(str::to_owned))
    {
        notes.changed(
            &source.place,
            "add envoy_cluster to the issuer: the cluster of the Backend that reaches jwks_uri (see \
             envoy/envoy-gateway)",
        );
        return Map::from_iter([("jwks_uri".to_owned(), json!(uri))]);
    }
    let Some(local) = source.field("localJWKS") else {
        notes.lost(&source.place, "no keys; give remoteJWKS or localJWKS");
        return Map::new();
    };
    if let Some(text) = local.text_at("inline") {
        return keys::inline(&text, &local.place, notes);
    }
    let name = local.find(&["valueRef", "name"]).and_then(|name| name.text().map(str::to_owned));
    match name.and_then(|name| config_map(&name, documents)) {
        Some(text) => keys::inline(&text, &local.place, notes),
        None => {
            notes.lost(&local.place, "the ConfigMap with the keys is not in the document; add it");
            Map::new()
        }
    }
}

/// The key `jwks` of a ConfigMap, or its first one, as Envoy Gateway reads it.
fn config_map(name: &str, documents: &[Source<'_>]) -> Option<String> {
    let is_it = |document: &&Source<'_>| {
        document.text_at("kind").as_deref() == Some("ConfigMap")
            && document.find(&["metadata", "name"]).is_some_and(|found| found.text() == Some(name))
    };
    let data = documents.iter().find(is_it)?.field("data")?;
    let first = || data.members().first().and_then(|(_, value)| value.text().map(str::to_owned));
    data.text_at("jwks").or_else(first)
}

fn authorize(authorization: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Vec<Layer> {
    authorization.expect_only(&["rules", "defaultAction"], notes);
    let (mut allowed, mut refused) = (Vec::new(), Vec::new());
    for source in authorization.list("rules") {
        source.expect_only(&["name", "action", "operation", "principal"], notes);
        let mut condition = Condition::everything();
        if let Some(operation) = source.field("operation") {
            operation.expect_only(&["methods"], notes);
            condition.methods = operation.texts("methods", notes);
        }
        if source.text_at("action").as_deref() == Some("Allow") {
            let outcome = principal(&source, providers, notes);
            allowed.push(rule(&source, condition, outcome));
        } else {
            notes.lost(
                &source.place,
                "only action Allow can be carried over; say who may, instead of who may not",
            );
            refused.push(rule(&source, Condition::everything(), Outcome::Refused));
        }
    }
    let default = authorization.text_at("defaultAction").unwrap_or_else(|| "Deny".to_owned());
    let mut layers = vec![Layer::All(refused)];
    if default == "Deny" {
        layers.push(Layer::Any(allowed));
    }
    layers
}

/// All that the principal names must hold; what is not understood lets nobody in.
fn principal(rule: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    let lost = notes.count_lost();
    let Some(principal) = rule.field("principal") else { return Outcome::OPEN };
    principal.expect_only(&["jwt", "clientCIDRs"], notes);
    let networks = principal.texts("clientCIDRs", notes);
    let networks = (!networks.is_empty()).then_some(networks);
    let outcome = match principal.field("jwt") {
        None => Outcome::Open(networks),
        Some(jwt) => match callers(&jwt, providers, notes) {
            Some(callers) => Outcome::Callers(Callers { networks, ..callers }),
            None => Outcome::Refused,
        },
    };
    if notes.count_lost() == lost { outcome } else { Outcome::Refused }
}

fn callers(jwt: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Option<Callers> {
    jwt.expect_only(&["provider", "scopes", "claims"], notes);
    let name = jwt.text_at("provider").unwrap_or_default();
    let Some(provider) = providers.iter().find(|provider| provider.name == name) else {
        notes.lost(
            &jwt.place,
            "asks for a provider that is not there or was not carried over; name another",
        );
        return None;
    };
    let mut callers = Callers {
        issuers: Some(vec![provider.issuer.clone()]),
        all_scopes: jwt.texts("scopes", notes),
        ..Callers::default()
    };
    for claim in jwt.list("claims") {
        let values = claim.texts("values", notes);
        match claim.text_at("name").as_deref() {
            Some("client_id") if callers.clients.is_none() => callers.clients = Some(values),
            Some("scope") if callers.any_scopes.is_empty() => callers.any_scopes = values,
            _ => {
                notes.lost(
                    &claim.place,
                    "no rule about this claim; there are client_id and scope, once each",
                );
                return None;
            }
        }
    }
    Some(callers)
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
