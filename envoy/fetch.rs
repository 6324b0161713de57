//! Key sets over HTTP, through the cluster that the policy names.

use crate::gate::Gate;
use crate::host::{self, Buffer, HeaderMap, HostError, Level};
use edgelatch_core::{Fetch, FetchOutcome, FetchResponse, KeySet, Timestamp};
use proxy_wasm::hostcalls;
use proxy_wasm::types::Status;
use std::time::Duration;

/// Starts an HTTP call and returns its number; `None` if Envoy does not make it.
pub(crate) fn start(fetch: &Fetch) -> Option<u32> {
    let cluster = fetch.cluster.as_deref().unwrap_or_default();
    let headers = vec![
        (":method", "GET"),
        (":scheme", fetch.uri.scheme),
        (":authority", &fetch.uri.authority),
        (":path", &fetch.uri.path),
        ("accept", "application/jwk-set+json, application/json"),
    ];
    // The one host call made by the SDK: its export for the response ends the virtual machine over a
    // number that it did not give out itself.
    match hostcalls::dispatch_http_call(cluster, headers, None, Vec::new(), TIMEOUT) {
        Ok(call) => Some(call),
        Err(status) => {
            host::log(Level::Warning, &not_called(cluster, status));
            None
        }
    }
}

/// Hands the response in force, or its absence, to the engine.
pub(crate) fn finish(gate: &mut Gate, fetch: &Fetch, body_size: usize, now: Timestamp) {
    let received = receive(body_size).unwrap_or_else(|error| {
        host::log(Level::Warning, &error.to_string());
        None
    });
    let response = match &received {
        // What Envoy itself answers for a cluster that it cannot reach, or not in time.
        None | Some((502..=504, _)) => FetchResponse::Failed,
        Some((status, body)) => FetchResponse::Received { status: *status, body },
    };
    accept(gate, fetch, response, now);
}

/// Tells the engine that a fetch came to nothing.
pub(crate) fn fail(gate: &mut Gate, fetch: &Fetch, now: Timestamp) {
    accept(gate, fetch, FetchResponse::Failed, now);
}

fn accept(gate: &mut Gate, fetch: &Fetch, response: FetchResponse<'_>, now: Timestamp) {
    let uri = &fetch.uri;
    match gate.accept(fetch.feed, response, now) {
        Some(FetchOutcome::Accepted { keys, skipped }) => host::log(
            Level::Info,
            &format!("key set {uri}: {keys} keys in use, {skipped} passed over"),
        ),
        Some(FetchOutcome::Kept(error)) => {
            let consequence = if gate.has_keys(fetch.feed, now) {
                "what was there stays in use"
            } else {
                "there are no keys: requests that need them are answered 503"
            };
            let line = format!("key set {uri} was not renewed: {error}; {consequence}");
            host::log(Level::Warning, &line);
        }
        None => {}
    }
}

fn not_called(cluster: &str, status: Status) -> String {
    match status {
        Status::BadArgument => {
            format!("there is no cluster `{cluster}` to call; add it or correct `envoy_cluster`")
        }
        _ => format!(
            "cluster `{cluster}` has no usable host at the moment; \
             see its health in the admin page /clusters"
        ),
    }
}

/// Status and body; `None` if Envoy reports a failed call, which it does by a response of nothing.
fn receive(body_size: usize) -> Result<Option<(u16, Vec<u8>)>, HostError> {
    let lines = host::header_map(HeaderMap::CallResponse)?;
    let Some(status) = host::parse_pairs(&lines).ok().and_then(|lines| status(&lines)) else {
        return Ok(None);
    };
    let body = match body_size {
        0 => Vec::new(),
        // One byte more than the engine takes shows it that there is too much.
        size => host::buffer(Buffer::CallResponseBody, size.min(KeySet::MAXIMUM_BYTES + 1))?,
    };
    Ok(Some((status, body)))
}

fn status(lines: &[(&[u8], &[u8])]) -> Option<u16> {
    let (_, value) = lines.iter().find(|(name, _)| *name == b":status")?;
    str::from_utf8(value).ok()?.parse().ok()
}

/// How long an issuer may take for the whole response.
const TIMEOUT: Duration = Duration::from_secs(5);
