//! `providers`.

use super::super::notes::Notes;
use super::super::provider::{DEFAULT_SKEW, Provider};
use super::super::source::Source;
use super::super::{Defaults, issuers, keys, tokens};

/// All providers that can be carried over. One that cannot is told, and rules that need it let nobody in.
pub(super) fn all(
    filter: &Source<'_>,
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> Result<Vec<Provider>, String> {
    let providers = filter.field("providers").map(|map| map.members()).unwrap_or_default();
    let mut all = Vec::new();
    for (name, source) in providers {
        all.push(one(name, &source, defaults, notes));
    }
    issuers::merge(all, defaults, notes)
}

fn one(name: &str, source: &Source<'_>, defaults: &Defaults<'_>, notes: &mut Notes) -> Provider {
    let is_whole = source.has_only(&KNOWN, notes);
    let mut provider = Provider {
        name: name.to_owned(),
        place: source.place.clone(),
        issuer: source.text_at("issuer").unwrap_or_default(),
        audiences: source.texts("audiences", notes),
        keys: envoy_keys(source, defaults, notes),
        clock_skew_seconds: skew(source, notes),
        maximum_token_lifetime_seconds: lifetime(source, notes),
        has_scope_words: has_scope_words(source),
        strips_token: !source.is_true("forward"),
        ..Provider::default()
    };
    if let Some(subjects) = source.field("subjects") {
        notes.lost(
            &subjects.place,
            "a rule about `sub`; name the client ids under `clients` of the routes",
        );
    }
    // Without keys it is left out, and rules that ask for it let nobody in.
    if !is_whole || source.field("subjects").is_some() {
        provider.keys.clear();
    }
    source.leave_out(&["jwt_cache_config", "clear_route_cache"], notes);
    locations(source, &mut provider, notes);
    headers(source, &mut provider, notes);
    for member in ["payload_in_metadata", "header_in_metadata", "failed_status_in_metadata"] {
        let Some(field) = source.field(member) else { continue };
        if member == "payload_in_metadata" {
            provider.metadata.extend(field.text().map(str::to_owned));
        }
        notes.changed(
            &field.place,
            "no dynamic metadata; log and match %FILTER_STATE(wasm.edgelatch.client_id:PLAIN)% and its like",
        );
    }
    provider
}

fn envoy_keys(
    source: &Source<'_>,
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> serde_json::Map<String, serde_json::Value> {
    if let Some(local) = source.field("local_jwks") {
        return keys::local(&local, defaults, notes);
    }
    if let Some(remote) = source.field("remote_jwks") {
        return keys::remote(&remote, notes);
    }
    notes.lost(&source.place, "no keys; give local_jwks or remote_jwks");
    serde_json::Map::new()
}

/// Envoy takes zero for its default, too.
fn skew(source: &Source<'_>, notes: &mut Notes) -> u64 {
    let Some(field) = source.field("clock_skew_seconds") else { return DEFAULT_SKEW };
    match field.seconds() {
        Some(0) | None => DEFAULT_SKEW,
        Some(seconds) if seconds > MAXIMUM_SKEW => {
            notes.tighter(
                &field.place,
                format!("{seconds} seconds become {MAXIMUM_SKEW}, the most there is"),
            );
            MAXIMUM_SKEW
        }
        Some(seconds) => seconds,
    }
}

/// Envoy counts from now, we count from `iat`.
fn lifetime(source: &Source<'_>, notes: &mut Notes) -> Option<u64> {
    let field = source.field("max_lifetime")?;
    notes.tighter(
        &field.place,
        "was the time that a token still has to live; now it is its whole life, from iat to exp",
    );
    Some(field.seconds()?.clamp(1, MAXIMUM_LIFETIME))
}

fn has_scope_words(source: &Source<'_>) -> bool {
    source.field("normalize_payload_in_metadata").is_some_and(|field| {
        field.list("space_delimited_claims").iter().any(|c| c.text() == Some("scope"))
    })
}

fn locations(source: &Source<'_>, provider: &mut Provider, notes: &mut Notes) {
    let named = ["from_headers", "from_params", "from_cookies"];
    if named.iter().all(|member| source.field(member).is_none()) {
        tokens::in_default_places(&source.place, notes);
    }
    for header in source.list("from_headers") {
        let name = header.text_at("name").unwrap_or_default();
        let prefix = header.text_at("value_prefix").unwrap_or_default();
        tokens::in_header(&header.place, &name, &prefix, provider, notes);
    }
    tokens::elsewhere(source, ["from_params", "from_cookies"], notes);
}

fn headers(source: &Source<'_>, provider: &mut Provider, notes: &mut Notes) {
    for entry in source.list("claim_to_headers") {
        let header = entry.text_at("header_name").unwrap_or_default();
        let is_whole = entry.has_only(&["header_name", "claim_name"], notes);
        // No claim has an empty name: the header is removed.
        let claim = entry.text_at("claim_name").filter(|_| is_whole).unwrap_or_default();
        tokens::claim_to_header(&entry.place, &header, &claim, provider, notes);
    }
    if let Some(field) = source.field("forward_payload_header") {
        tokens::payload_header(&field, provider, notes);
    }
}

const MAXIMUM_SKEW: u64 = 300;
const MAXIMUM_LIFETIME: u64 = 31_536_000;

const KNOWN: [&str; 21] = [
    "issuer",
    "audiences",
    "subjects", // told on its own
    "require_expiration",
    "max_lifetime",
    "remote_jwks",
    "local_jwks",
    "forward",
    "from_headers",
    "from_params",
    "from_cookies",
    "forward_payload_header",
    "pad_forward_payload_header",
    "payload_in_metadata",
    "header_in_metadata",
    "failed_status_in_metadata",
    "normalize_payload_in_metadata",
    "clock_skew_seconds",
    "jwt_cache_config",
    "claim_to_headers",
    "clear_route_cache",
];
