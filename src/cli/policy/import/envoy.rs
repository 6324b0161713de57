//! Envoy: the filter `jwt_authn`, and RBAC beside it. A whole configuration, or the filter alone.

use super::Defaults;
use super::imported::Imported;
use super::notes::Notes;
use super::rules::Layer;
use super::source::Source;

mod header;
mod provider;
mod rbac;
mod requirement;
mod rule;

/// Whether this looks like a configuration of Envoy or of its filter.
pub(super) fn is_envoy(document: &Source<'_>) -> bool {
    let has = |name| document.field(name).is_some();
    has("static_resources")
        || has("http_filters")
        || has("typed_config")
        || !found(document).is_empty()
}

/// Reads the one filter in the document.
pub(super) fn import(
    document: &Source<'_>,
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> Result<Imported, String> {
    let mut filters = Vec::new();
    let mut rbac = Vec::new();
    for (kind, source) in found(document) {
        match kind {
            Found::Authentication => filters.push(source),
            Found::Rbac => rbac.push(source),
            Found::PerRoute => notes.lost(
                &source.place,
                "an exception for one route; write it as a rule of the filter, with the path of the route",
            ),
        }
    }
    let [filter] = filters.as_slice() else { return Err(not_one(&filters)) };
    let providers = provider::all(filter, defaults, notes)?;
    let mut layers = vec![Layer::First(rule::all(filter, &providers, notes))];
    layers.extend(rbac.iter().map(|filter| rbac::layer(filter, &providers, notes)));
    filter_wide(filter, notes);
    Ok(Imported { providers, layers })
}

fn filter_wide(filter: &Source<'_>, notes: &mut Notes) {
    const KNOWN: [&str; 8] = [
        "@type",
        "providers",
        "rules",
        "requirement_map",
        "bypass_cors_preflight",
        "strip_failure_response",
        "stat_prefix",
        "filter_state_rules",
    ];
    filter.expect_only(&KNOWN, notes);
    if let Some(rules) = filter.field("filter_state_rules") {
        notes.lost(
            &rules.place,
            "rules by filter state have no counterpart; write them as rules by path",
        );
    }
    if filter.is_true("bypass_cors_preflight") {
        notes.tighter(
            &filter.place,
            "bypass_cors_preflight: preflight requests carry no token and are refused; answer them in the cors filter \
             before this one, or add a route with methods: [OPTIONS] and mode: public",
        );
    }
    notes.tighter(
        &filter.place,
        "requests that no rule names passed unverified; now they are refused: add a route with mode: public for \
         those that are meant for everybody",
    );
}

fn not_one(filters: &[Source<'_>]) -> String {
    if filters.is_empty() {
        return "no filter jwt_authn in it; give the typed_config of the filter, with its @type"
            .to_owned();
    }
    let places: Vec<_> =
        filters.iter().map(|filter| filter.place.escape_debug().to_string()).collect();
    format!("{} filters jwt_authn ({}); import them one by one", filters.len(), places.join(", "))
}

/// What concerns us in a configuration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Authentication,
    PerRoute,
    Rbac,
}

/// Everything of ours, wherever it stands; `providers` with `rules` is the filter without its wrapping.
fn found<'a>(source: &Source<'a>) -> Vec<(Found, Source<'a>)> {
    let kind = match source.value.get("@type").and_then(|name| name.as_str()) {
        Some(name) => kind_of(name),
        None if source.place.is_empty() && source.field("providers").is_some() => {
            Some(Found::Authentication)
        }
        None => None,
    };
    if let Some(kind) = kind {
        return vec![(kind, source.clone())];
    }
    let members = source.members().into_iter().map(|(_, member)| member);
    members.chain(source.elements()).flat_map(|child| found(&child)).collect()
}

fn kind_of(name: &str) -> Option<Found> {
    let name = name.rsplit('/').next().unwrap_or_default();
    let (package, message) = name.rsplit_once('.')?;
    match (package, message) {
        (_, "JwtAuthentication") => Some(Found::Authentication),
        (package, "PerRouteConfig") if package.contains("jwt_authn") => Some(Found::PerRoute),
        (_, "RBACPerRoute") => Some(Found::PerRoute),
        (package, "RBAC") if package.contains("filters.http") => Some(Found::Rbac),
        _ => None,
    }
}
