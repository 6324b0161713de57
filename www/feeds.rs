//! What the engine wants to have fetched, and what JavaScript got.

use edgelatch_core::{FeedKind, FetchOutcome, FetchResponse, Freshness, Publication};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::gate::{Gate, seconds};
use crate::json::json;

/// What JavaScript is to fetch.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Plan<'a> {
    feed: usize,
    issuer: usize,
    kind: &'a str,
    url: String,
    accept: &'a str,
    entity_tag: Option<&'a str>,
    timeout_seconds: u32,
    maximum_bytes: usize,
}

/// How a feed does.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    kind: &'a str,
    issuer: &'a str,
    freshness: &'a str,
    age_seconds: Option<u64>,
}

/// What became of an answer.
#[derive(Serialize)]
struct Told {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

#[wasm_bindgen]
impl Gate {
    /// The next fetch that is due, as JSON; nothing if there is none.
    pub fn poll(&mut self, now: f64) -> Option<String> {
        let fetch = self.engine.poll(seconds(now))?;
        let place = self.feeds.iter().position(|feed| *feed == fetch.feed)?;
        Some(json(&Plan {
            feed: place,
            issuer: fetch.feed.issuer(),
            kind: kind(fetch.kind),
            url: fetch.uri.to_string(),
            accept: fetch.accept,
            entity_tag: fetch.entity_tag.as_deref(),
            timeout_seconds: fetch.timeout_seconds,
            maximum_bytes: fetch.maximum_bytes,
        }))
    }

    /// Leaves a polled fetch to another.
    pub fn yield_fetch(&mut self, feed: usize, now: f64) {
        if let Some(feed) = self.feeds.get(feed) {
            self.engine.yield_fetch(*feed, seconds(now));
        }
    }

    /// Takes the answer to a fetch. `headers` are names and values in turn, with a NUL between them, which none of them
    /// holds; what became of it comes back as JSON.
    pub fn accept(
        &mut self,
        feed: usize,
        status: u16,
        headers: &str,
        body: &[u8],
        now: f64,
    ) -> String {
        let mut pieces = headers.split('\0').map(str::as_bytes);
        let mut lines = Vec::new();
        while let (Some(name), Some(value)) = (pieces.next(), pieces.next()) {
            lines.push((name, value));
        }
        self.answer(feed, FetchResponse::Received { status, headers: &lines, body }, now)
    }

    /// There was no answer.
    pub fn fail(&mut self, feed: usize, now: f64) -> String {
        self.answer(feed, FetchResponse::Failed, now)
    }

    /// Takes over a document that another isolate fetched at `received`, after the same checks. `entity_tag` is empty if
    /// it had none.
    pub fn adopt(
        &mut self,
        feed: usize,
        body: &[u8],
        entity_tag: &str,
        received: f64,
        now: f64,
    ) -> String {
        let Some(feed) = self.feeds.get(feed) else { return told(None) };
        let publication = Publication {
            body,
            entity_tag: Some(entity_tag).filter(|tag| !tag.is_empty()),
            received: seconds(received).min(seconds(now)),
        };
        told(Some(self.engine.adopt(*feed, publication, seconds(now))))
    }

    /// The body of the document in force.
    pub fn publication(&self, feed: usize) -> Option<Vec<u8>> {
        Some(self.engine.publication(*self.feeds.get(feed)?)?.body.to_vec())
    }

    /// Its `ETag`, empty if it has none; nothing if there is no document.
    pub fn entity_tag(&self, feed: usize) -> Option<String> {
        let publication = self.engine.publication(*self.feeds.get(feed)?)?;
        Some(publication.entity_tag.unwrap_or_default().into())
    }

    /// The state of every feed, in the order of their places, as JSON.
    pub fn feeds(&self, now: f64) -> String {
        let states = self.engine.feeds(seconds(now)).map(|state| State {
            kind: kind(state.kind),
            issuer: state.issuer,
            freshness: freshness(state.freshness),
            age_seconds: state.age_seconds,
        });
        json(&states.collect::<Vec<_>>())
    }

    fn answer(&mut self, feed: usize, response: FetchResponse<'_>, now: f64) -> String {
        let outcome =
            self.feeds.get(feed).map(|feed| self.engine.accept(*feed, response, seconds(now)));
        told(outcome)
    }
}

fn told(outcome: Option<FetchOutcome>) -> String {
    json(&match outcome {
        Some(FetchOutcome::Accepted(_)) => Told { outcome: "accepted", problem: None },
        Some(FetchOutcome::Unchanged) => Told { outcome: "unchanged", problem: None },
        Some(FetchOutcome::Kept(error)) => {
            Told { outcome: "kept", problem: Some(error.to_string()) }
        }
        None => Told { outcome: "kept", problem: Some("no such feed".into()) },
    })
}

fn kind(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::KeySet => "key set",
        FeedKind::StatusList => "status list",
    }
}

fn freshness(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Empty => "empty",
        Freshness::Expired => "expired",
        Freshness::Fresh => "fresh",
        Freshness::Stale => "stale",
    }
}
