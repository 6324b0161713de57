//! Where keys come from: a document in place, a file, a URL.

use std::fs;

use edgelatch_core::{Algorithm, KeySet};
use serde_json::{Map, Value, json};

use super::Defaults;
use super::notes::Notes;
use super::source::Source;

/// `local_jwks`: the key set itself goes into the policy.
pub(super) fn local(
    local: &Source<'_>,
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> Map<String, Value> {
    let Some(text) = local_text(local, defaults, notes) else { return Map::new() };
    inline(&text, &local.place, notes)
}

/// A key set in place. Keys that no policy takes are left out there and named here.
pub(super) fn inline(text: &str, place: &str, notes: &mut Notes) -> Map<String, Value> {
    let Ok(jwks) = serde_json::from_str::<Value>(text) else {
        notes.lost(place, "no JSON; give a key set such as {\"keys\": [..]}");
        return Map::new();
    };
    tell_skipped(text, place, notes);
    Map::from_iter([("jwks".to_owned(), jwks)])
}

/// A set of which nothing is usable is an error of the policy, and told there.
fn tell_skipped(text: &str, place: &str, notes: &mut Notes) {
    let Ok(loaded) = KeySet::load(text.as_bytes(), &Algorithm::ALL) else { return };
    for (index, error) in loaded.skipped {
        notes.tighter(
            place,
            format!("keys[{index}] is passed over ({error}); its tokens are refused"),
        );
    }
}

fn local_text(local: &Source<'_>, defaults: &Defaults<'_>, notes: &mut Notes) -> Option<String> {
    if let Some(text) = local.text_at("inline_string") {
        return Some(text);
    }
    let Some(file) = local.text_at("filename") else {
        notes.lost(
            &local.place,
            "only inline_string and filename can be carried over; use one of them",
        );
        return None;
    };
    let path = defaults.folder.join(&file);
    match fs::read_to_string(&path) {
        Ok(text) => {
            let copied = "the file is now part of the policy; import again when its keys change";
            notes.changed(&local.place, copied);
            Some(text)
        }
        Err(error) => {
            let reason = error.kind();
            notes.lost(
                &local.place,
                format!("cannot read the key set ({reason}); run this beside it"),
            );
            None
        }
    }
}

/// `remote_jwks`, fetched through the same cluster.
pub(super) fn remote(remote: &Source<'_>, notes: &mut Notes) -> Map<String, Value> {
    if !remote.has_only(&["http_uri", "cache_duration", "async_fetch", "retry_policy"], notes) {
        return Map::new();
    }
    remote.leave_out(&["retry_policy"], notes);
    let uri = remote.find(&["http_uri", "uri"]).and_then(|uri| uri.text().map(str::to_owned));
    let Some(uri) = uri else {
        notes.lost(&remote.place, "no http_uri.uri; name where the key set is");
        return Map::new();
    };
    let mut keys = Map::from_iter([("jwks_uri".to_owned(), json!(uri))]);
    match remote
        .find(&["http_uri", "cluster"])
        .and_then(|cluster| cluster.text().map(str::to_owned))
    {
        Some(cluster) => {
            keys.insert("envoy_cluster".to_owned(), json!(cluster));
        }
        None => {
            notes.changed(&remote.place, "no http_uri.cluster; add envoy_cluster to the issuer");
        }
    }
    if let Some(field) = remote.field("cache_duration") {
        let seconds = clamped(&field, 10, 43_200, notes);
        keys.insert("refresh_seconds".to_owned(), json!(seconds));
    }
    if let Some(field) = remote.find(&["async_fetch", "failed_refetch_duration"]) {
        let seconds = clamped(&field, 1, 3_600, notes);
        keys.insert("cooldown_seconds".to_owned(), json!(seconds));
    }
    keys
}

pub(super) fn clamped(field: &Source<'_>, minimum: u64, maximum: u64, notes: &mut Notes) -> u64 {
    let seconds = field.seconds().unwrap_or(0);
    let clamped = seconds.clamp(minimum, maximum);
    if clamped != seconds {
        notes.changed(
            &field.place,
            format!("{seconds} seconds become {clamped}: from {minimum} to {maximum} are possible"),
        );
    }
    clamped
}
