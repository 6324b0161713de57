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
    source.expect_only(&KNOWN, notes);
    let mut provider = Provider {
        name: name.to_owned(),
        place: source.place.clone(),
        issuer: source.text_at("issuer").unwrap_or_default(),
        audiences: source.texts("audiences", notes),
        keys: envoy_keys(source, defaults, notes),
        clock_skew_seconds: skew(source, notes),
        maximum_token_lifetime_seconds: lifetime(source),
        strips_token: !source.is_true("forward"),
        ..Provider::default()
    };
    if let Some(subjects) = source.field("subjects") {
        notes.lost(
            &subjects.place,
            "a rule about `sub`; name the client ids under `clients` of the routes",
        );
        provider.issuer.clear();
    }
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

fn lifetime(source: &Source<'_>) -> Option<u64> {
    source.field("max_lifetime").and_then(|field| field.seconds()).map(|seconds| seconds.max(1))
}

fn locations(source: &Source<'_>, provider: &mut Provider, notes: &mut Notes) {
    for header in source.list("from_headers") {
        let name = header.text_at("name").unwrap_or_default();
        let prefix = header.text_at("value_prefix").unwrap_or_default();
        tokens::in_header(&header.place, &name, &prefix, provider, notes);
    }
    tokens::elsewhere(source, ["from_params", "from_cookies"], notes);
}

fn headers(source: &Source<'_>, provider: &mut Provider, notes: &mut Notes) {
    for entry in source.list("claim_to_headers") {
        entry.expect_only(&["header_name", "claim_name"], notes);
        let header = entry.text_at("header_name").unwrap_or_default();
        let claim = entry.text_at("claim_name").unwrap_or_default();
        tokens::claim_to_header(&entry.place, &header, &claim, provider, notes);
    }
    if let Some(field) = source.field("forward_payload_header") {
        tokens::payload_header(&field, provider, notes);
    }
}

const MAXIMUM_SKEW: u64 = 300;

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
