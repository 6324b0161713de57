//! Key sets and status lists over HTTP, through the cluster that the policy names.

use crate::gate::Gate;
use crate::host::{self, Buffer, HeaderMap, HostError, Level};
use edgelatch_core::{FeedContent, Fetch, FetchOutcome, FetchResponse, Timestamp};
use proxy_wasm::hostcalls;
use proxy_wasm::types::Status;
use std::time::Duration;

/// Starts an HTTP call and returns its number; `None` if Envoy does not make it.
pub(crate) fn start(fetch: &Fetch) -> Option<u32> {
    let cluster = fetch.cluster.as_deref().unwrap_or_default();
    let mut headers = vec![
        (":method", "GET"),
        (":scheme", fetch.uri.scheme),
        (":authority", &fetch.uri.authority),
        (":path", &fetch.uri.path),
        ("accept", fetch.accept),
    ];
    headers.extend(fetch.entity_tag.as_deref().map(|tag| ("if-none-match", tag)));
    let timeout = Duration::from_secs(fetch.timeout_seconds.into());
    // The one host call made by the SDK: its export for the response ends the virtual machine over a
    // number that it did not give out itself.
    match hostcalls::dispatch_http_call(cluster, headers, None, Vec::new(), timeout) {
        Ok(call) => Some(call),
        Err(status) => {
            host::log(Level::Warning, &not_called(cluster, status));
            None
        }
    }
}

/// How a fetch ended, for the other engines of the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// There is something that they may take over.
    Good,
    /// There is not.
    Bad {
        /// `Retry-After`, if the issuer said when to come again.
        retry_after: Vec<u8>,
    },
}

/// Hands the response in force, or its absence, to the engine.
pub(crate) fn finish(gate: &mut Gate, fetch: &Fetch, body_size: usize, now: Timestamp) -> End {
    receive(gate, fetch, body_size, now).unwrap_or_else(|error| {
        host::log(Level::Warning, &error.to_string());
        fail(gate, fetch, now)
    })
}

/// Tells the engine that a fetch came to nothing.
pub(crate) fn fail(gate: &mut Gate, fetch: &Fetch, now: Timestamp) -> End {
    accept(gate, fetch, FetchResponse::Failed, now)
}

/// What an accepted document holds.
pub(crate) fn describe(content: FeedContent) -> String {
    match content {
        FeedContent::KeySet { keys, skipped } => {
            format!("{keys} keys in use, {skipped} passed over")
        }
        FeedContent::StatusList { entries, revoked_tokens, .. } => {
            format!("{entries} entries, {revoked_tokens} tokens revoked one by one")
        }
    }
}

fn accept(gate: &mut Gate, fetch: &Fetch, response: FetchResponse<'_>, now: Timestamp) -> End {
    let Fetch { kind, uri, .. } = fetch;
    match gate.accept(fetch.feed, response, now) {
        Some(FetchOutcome::Accepted(content)) => {
            host::log(Level::Info, &format!("{kind} {uri}: {}", describe(content)));
            End::Good
        }
        Some(FetchOutcome::Unchanged) => End::Good,
        Some(FetchOutcome::Kept(error)) => {
            let consequence = if gate.is_usable(fetch.feed, now) {
                "what was there stays in use"
            } else {
                "there is nothing to use: requests that need it are answered 503"
            };
            let line = format!("{kind} {uri} was not renewed: {error}; {consequence}");
            host::log(Level::Warning, &line);
            End::Bad { retry_after: retry_after(response) }
        }
        None => End::Bad { retry_after: Vec::new() },
    }
}

/// What of a refused answer the other engines have to know, too.
fn retry_after(response: FetchResponse<'_>) -> Vec<u8> {
    match response {
        FetchResponse::Received { status, headers, .. } if !matches!(status, 200 | 304) => {
            find(headers, b"retry-after").unwrap_or_default().to_vec()
        }
        FetchResponse::Received { .. } | FetchResponse::Failed => Vec::new(),
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

/// Reads the response in force. Envoy reports a failed call by a response of nothing.
fn receive(
    gate: &mut Gate,
    fetch: &Fetch,
    body_size: usize,
    now: Timestamp,
) -> Result<End, HostError> {
    let lines = host::header_map(HeaderMap::CallResponse)?;
    let headers = host::parse_pairs(&lines).unwrap_or_default();
    let body = match body_size {
        0 => Vec::new(),
        // One byte more than the engine takes shows it that there is too much.
        size => {
            host::buffer(Buffer::CallResponseBody, size.min(fetch.maximum_bytes.saturating_add(1)))?
        }
    };
    let response = match status(&headers) {
        // What Envoy itself answers for a cluster that it cannot reach, or not in time: only an issuer
        // says when to come again.
        None => FetchResponse::Failed,
        Some(502..=504) if find(&headers, b"retry-after").is_none() => FetchResponse::Failed,
        Some(status) => FetchResponse::Received { status, headers: &headers, body: &body },
    };
    Ok(accept(gate, fetch, response, now))
}

fn status(lines: &[(&[u8], &[u8])]) -> Option<u16> {
    str::from_utf8(find(lines, b":status")?).ok()?.parse().ok()
}

fn find<'a>(lines: &[(&[u8], &'a [u8])], name: &[u8]) -> Option<&'a [u8]> {
    lines.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
}
