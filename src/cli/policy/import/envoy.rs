//! Envoy: the filter `jwt_authn`, and RBAC beside it. A whole configuration, or the filter alone.

use super::Defaults;
use super::imported::Imported;
use super::notes::Notes;
use super::provider::Provider;
use super::rules::{Layer, Rule};
use super::source::Source;

mod found;
mod header;
mod principal;
mod provider;
mod rbac;
mod requirement;
mod rule;

use found::{Found, found};

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
    let found = found(document);
    let of = |kind| found.iter().filter(move |(known, _)| *known == kind).map(|(_, source)| source);
    let filters: Vec<_> = of(Found::Authentication).cloned().collect();
    let [filter] = filters.as_slice() else { return Err(not_one(&filters)) };
    let providers = provider::all(filter, defaults, notes)?;
    let mut refused: Vec<Rule> =
        of(Found::Exception).filter_map(|exception| exceptional(exception, notes)).collect();
    refused.extend(filter_wide(filter, notes));
    let mut layers = vec![Layer::First(rule::all(filter, &providers, notes)), Layer::All(refused)];
    let mut known = without_metadata(&providers);
    for (kind, source) in &found {
        match kind {
            Found::Authentication => known.clone_from(&providers),
            Found::Rbac => layers.push(rbac::layer(source, &known, notes)),
            Found::Exception => {}
        }
    }
    Ok(Imported { providers, layers })
}

/// As a filter in front of `jwt_authn` sees them: no claim is known yet, and no rule about one is met.
fn without_metadata(providers: &[Provider]) -> Vec<Provider> {
    let blind = |provider: &Provider| Provider { metadata: Vec::new(), ..provider.clone() };
    providers.iter().map(blind).collect()
}

/// What one route, or one virtual host, says instead of the filter. Switching it off lets in more, so
/// leaving that out does not; anything else may let in less.
fn exceptional(source: &Source<'_>, notes: &mut Notes) -> Option<Rule> {
    let is_rbac = source.text_at("@type").is_some_and(|name| name.ends_with("RBACPerRoute"));
    let is_off = if is_rbac { source.field("rbac").is_none() } else { source.is_true("disabled") };
    if is_off {
        notes.tighter(
            &source.place,
            "switched off for one route; now it holds there, too: add a route with mode: public if that is meant",
        );
        return None;
    }
    notes.lost(
        &source.place,
        "other rules for one route; write them as rules of the filter, with the path of the route. All is refused",
    );
    Some(Rule::refuse_all(&source.place))
}

/// Tells what concerns the filter as a whole; a rule that refuses all if that cannot be said.
fn filter_wide(filter: &Source<'_>, notes: &mut Notes) -> Option<Rule> {
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
    let is_whole = filter.has_only(&KNOWN, notes);
    filter.leave_out(&["stat_prefix"], notes);
    // They come into play where no rule matches, and there all is refused anyway.
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
    if filter.is_true("strip_failure_response") {
        notes.changed(
            &filter.place,
            "strip_failure_response: refused callers get a challenge and a reason again, but no details",
        );
    }
    notes.tighter(
        &filter.place,
        "requests that no rule names passed unverified; now they are refused: add a route with mode: public for \
         those that are meant for everybody",
    );
    (!is_whole).then(|| Rule::refuse_all(&filter.place))
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
