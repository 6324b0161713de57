//! One of our policies as configurations of `jwt_authn` and RBAC, as strict as these can be.

use serde_json::{Value, json};

/// The two filters that together do what the policy says.
#[derive(Debug)]
pub(super) struct Chain {
    /// `jwt_authn`: the tokens.
    pub(super) jwt_authn: Value,
    /// RBAC: which request needs which scopes; everything else is refused.
    pub(super) rbac: Value,
}

impl Chain {
    /// `None` if the policy has a rule that these filters do not know, or a setting that they cannot match.
    pub(super) fn of(policy: &Value) -> Option<Self> {
        let issuers = list(policy, "issuers");
        let routes = list(policy, "routes");
        let is_known = issuers.iter().all(|issuer| has_only(issuer, &ISSUER_MEMBERS))
            && routes.iter().all(|route| has_only(route, &ROUTE_MEMBERS))
            && has_only(policy, &["issuers", "routes"]);
        (is_known && !issuers.is_empty())
            .then(|| Self { jwt_authn: jwt_authn(issuers, routes), rbac: rbac(routes) })
    }
}

fn jwt_authn(issuers: &[Value], routes: &[Value]) -> Value {
    let providers: serde_json::Map<String, Value> = issuers
        .iter()
        .map(|issuer| (text(issuer, "issuer").to_owned(), provider(issuer)))
        .collect();
    let everybody: Vec<&str> = issuers.iter().map(|issuer| text(issuer, "issuer")).collect();
    let mut rules: Vec<Value> =
        routes.iter().flat_map(|route| route_rules(route, &everybody)).collect();
    rules.push(json!({ "match": { "prefix": "/" }, "requires": any_of(&everybody, &[]) }));
    json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        "providers": providers,
        "rules": rules,
    })
}

/// Every check that `jwt_authn` offers is on, with our figures; tokens come from `Authorization` only.
fn provider(issuer: &Value) -> Value {
    let mut provider = json!({
        "issuer": text(issuer, "issuer"),
        "audiences": issuer.get("audiences"),
        "from_headers": [{ "name": "Authorization", "value_prefix": "Bearer " }],
        "forward": true,
        "payload_in_metadata": "claims",
        "normalize_payload_in_metadata": { "space_delimited_claims": ["scope"] },
        "require_expiration": true,
        // One second more than ours: exactly this lifetime is too long for it.
        "max_lifetime": "86401s",
        "clock_skew_seconds": 10,
    });
    let (name, keys) = match issuer.get("jwks") {
        Some(keys) => ("local_jwks", json!({ "inline_string": keys.to_string() })),
        None => ("remote_jwks", remote_keys(issuer)),
    };
    if let Some(members) = provider.as_object_mut() {
        members.insert(name.to_owned(), keys);
    }
    provider
}

fn remote_keys(issuer: &Value) -> Value {
    json!({
        "http_uri": {
            "uri": text(issuer, "jwks_uri"),
            "cluster": text(issuer, "envoy_cluster"),
            "timeout": "5s",
        },
        "cache_duration": "300s",
    })
}

/// The first rule that matches is in force, so there is one per method.
fn route_rules(route: &Value, everybody: &[&str]) -> Vec<Value> {
    let named: Vec<&str> = list(route, "issuers").iter().filter_map(Value::as_str).collect();
    let issuers = if named.is_empty() { everybody } else { &named };
    let or: &[Value] = if is_public(route) { &[json!({ "allow_missing": {} })] } else { &[] };
    let rule = |methods: Value| {
        let path = json!({ "regex": regex(text(route, "path")) });
        json!({
            "match": { "safe_regex": path, "headers": methods },
            "requires": any_of(issuers, or),
        })
    };
    let methods = list(route, "methods").iter().filter_map(Value::as_str);
    methods
        .map(|method| match method {
            "*" => rule(json!([])),
            method => rule(json!([{ "name": ":method", "string_match": { "exact": method } }])),
        })
        .collect()
}

fn any_of(issuers: &[&str], more: &[Value]) -> Value {
    let mut requirements: Vec<Value> =
        issuers.iter().map(|issuer| json!({ "provider_name": issuer })).collect();
    requirements.extend_from_slice(more);
    match requirements.as_slice() {
        [only] => only.clone(),
        _ => json!({ "requires_any": { "requirements": requirements } }),
    }
}

fn rbac(routes: &[Value]) -> Value {
    let policies: serde_json::Map<String, Value> = routes
        .iter()
        .map(|route| {
            let policy =
                json!({ "permissions": [permission(route)], "principals": [{ "any": true }] });
            (text(route, "name").to_owned(), policy)
        })
        .collect();
    json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
        "rules": { "action": "ALLOW", "policies": policies },
    })
}

fn permission(route: &Value) -> Value {
    let path = json!({ "safe_regex": { "regex": regex(text(route, "path")) } });
    let methods: Vec<Value> =
        list(route, "methods").iter().filter_map(Value::as_str).map(method).collect();
    let mut all = vec![json!({ "url_path": { "path": path } }), any_rule(&methods)];
    let scopes = route.get("scopes").cloned().unwrap_or_default();
    all.extend(list(&scopes, "all").iter().map(scope));
    if scopes.get("any").is_some() {
        let any: Vec<Value> = list(&scopes, "any").iter().map(scope).collect();
        all.push(any_rule(&any));
    }
    json!({ "and_rules": { "rules": all } })
}

fn any_rule(rules: &[Value]) -> Value {
    json!({ "or_rules": { "rules": rules } })
}

fn method(method: &str) -> Value {
    match method {
        "*" => json!({ "any": true }),
        _ => json!({ "header": { "name": ":method", "string_match": { "exact": method } } }),
    }
}

fn scope(scope: &Value) -> Value {
    json!({ "metadata": {
        "filter": "envoy.filters.http.jwt_authn",
        "path": [{ "key": "claims" }, { "key": "scope" }],
        "value": { "list_match": { "one_of": { "string_match": { "exact": scope } } } },
    } })
}

/// A path template as a regular expression over the whole path.
fn regex(template: &str) -> String {
    let segments = template.split('/').map(|segment| match segment {
        rest if rest.ends_with("...}") => ".*".to_owned(),
        parameter if parameter.starts_with('{') => "[^/]+".to_owned(),
        literal => literal.replace('.', "\\."),
    });
    segments.collect::<Vec<_>>().join("/")
}

fn is_public(route: &Value) -> bool {
    route.get("mode").and_then(Value::as_str) == Some("public")
}

fn has_only(value: &Value, names: &[&str]) -> bool {
    value
        .as_object()
        .is_some_and(|members| members.keys().all(|name| names.contains(&name.as_str())))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

const ISSUER_MEMBERS: [&str; 5] = ["issuer", "audiences", "jwks", "jwks_uri", "envoy_cluster"];
const ROUTE_MEMBERS: [&str; 6] = ["name", "methods", "path", "scopes", "mode", "issuers"];
