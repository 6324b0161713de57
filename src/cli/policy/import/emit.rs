//! The policy document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::flatten::Route;
use super::outcome::{Callers, Outcome};
use super::path::{End, Segment};
use super::provider::Provider;

/// Writes the policy.
pub(super) fn policy(providers: &[Provider], routes: &[Route]) -> Value {
    let issuers: Vec<_> = providers.iter().map(|provider| provider.issuer.clone()).collect();
    let mut names = BTreeSet::new();
    let routes: Vec<_> = routes.iter().map(|route| to_json(route, &issuers, &mut names)).collect();
    json!({
        "issuers": providers.iter().map(Provider::to_json).collect::<Vec<_>>(),
        "routes": routes,
        "forward": forward(providers),
    })
}

fn to_json(route: &Route, issuers: &[String], names: &mut BTreeSet<String>) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(name(route, names)));
    let methods = if route.methods.is_empty() { json!(["*"]) } else { json!(route.methods) };
    object.insert("methods".to_owned(), methods);
    if let Some(host) = &route.host {
        object.insert("hosts".to_owned(), json!([host]));
    }
    object.insert("path".to_owned(), json!(route.path.template()));
    match &route.outcome {
        Outcome::Open(networks) => {
            object.insert("mode".to_owned(), json!("public"));
            insert(&mut object, "networks", networks.as_ref());
        }
        Outcome::Callers(callers) => callers_to_json(callers, issuers, &mut object),
        // A scope that nobody grants, from a network that nobody is in.
        Outcome::Refused => {
            object.insert("scopes".to_owned(), json!({ "all": ["import:refused"] }));
            object.insert("networks".to_owned(), json!(["255.255.255.255/32"]));
        }
    }
    Value::Object(object)
}

fn callers_to_json(callers: &Callers, issuers: &[String], object: &mut Map<String, Value>) {
    let is_everybody =
        callers.clients.is_none() && callers.all_scopes.is_empty() && callers.any_scopes.is_empty();
    if is_everybody {
        object.insert("clients".to_owned(), json!(["*"]));
    }
    insert(object, "clients", callers.clients.as_ref());
    let mut scopes = Map::new();
    for (name, list) in [("all", &callers.all_scopes), ("any", &callers.any_scopes)] {
        if !list.is_empty() {
            scopes.insert(name.to_owned(), json!(list));
        }
    }
    if !scopes.is_empty() {
        object.insert("scopes".to_owned(), Value::Object(scopes));
    }
    // Two issuers may give the same client id to two programs: then the policy wants them named.
    let is_all =
        callers.issuers.as_ref().is_none_or(|named| issuers.iter().all(|i| named.contains(i)));
    match &callers.issuers {
        Some(named) if !is_all => insert(object, "issuers", Some(named)),
        _ if callers.clients.is_some() && issuers.len() > 1 => {
            object.insert("issuers".to_owned(), json!(issuers));
        }
        _ => {}
    }
    insert(object, "audiences", callers.audiences.as_ref());
    insert(object, "networks", callers.networks.as_ref());
}

fn insert(object: &mut Map<String, Value>, name: &str, list: Option<&Vec<String>>) {
    if let Some(list) = list {
        object.insert(name.to_owned(), json!(list));
    }
}

/// What the access log will say: the path in words, and a number where that is not unique.
fn name(route: &Route, names: &mut BTreeSet<String>) -> String {
    let mut words: Vec<String> =
        route.methods.iter().take(2).map(|name| name.to_lowercase()).collect();
    words.extend(route.path.segments.iter().map(|segment| match segment {
        Segment::Literal(text) => text.clone(),
        Segment::Any => "any".to_owned(),
    }));
    if route.path.end != End::Here {
        words.push("all".to_owned());
    }
    let text = words.join("-");
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let text: String = text.trim_matches('-').chars().map(plain).take(56).collect();
    let text = if text.is_empty() { "root".to_owned() } else { text };
    let numbered = (1..).map(|n| if n == 1 { text.clone() } else { format!("{text}-{n}") });
    let unique = numbered.filter(|name| !names.contains(name)).take(1).next().unwrap_or_default();
    names.insert(unique.clone());
    unique
}

/// Headers and token: one rule for all issuers, the strictest of any.
fn forward(providers: &[Provider]) -> Value {
    let mut forward = Map::new();
    let mut headers = Map::new();
    let mut strip = BTreeSet::new();
    for provider in providers {
        headers.extend(provider.headers.iter().map(|(name, source)| (name.clone(), json!(source))));
        strip.extend(provider.strip.iter().cloned());
    }
    strip.retain(|name| !headers.contains_key(name));
    if !headers.is_empty() {
        forward.insert("headers".to_owned(), Value::Object(headers));
    }
    if !strip.is_empty() {
        forward.insert("strip".to_owned(), json!(strip));
    }
    let strips = providers.iter().any(|provider| provider.strips_token);
    forward.insert("token".to_owned(), json!(if strips { "strip" } else { "keep" }));
    Value::Object(forward)
}
