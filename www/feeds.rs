//! What the engine wants to have fetched, and what JavaScript got.

use edgelatch_core::{FeedKind, FetchOutcome, FetchResponse, Freshness, Publication};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::gate::{Gate, seconds};

#[wasm_bindgen]
impl Gate {
    /// The next fetch that is due, as JSON; nothing if there is none.
    pub fn poll(&mut self, now: f64) -> Option<String> {
        let fetch = self.engine.poll(seconds(now))?;
        let place = self.feeds.iter().position(|feed| *feed == fetch.feed)?;
        let told = json!({
            "feed": place,
            "issuer": fetch.feed.issuer(),
            "kind": kind(fetch.kind),
            "url": fetch.uri.to_string(),
            "accept": fetch.accept,
            "entityTag": fetch.entity_tag,
            "timeoutSeconds": fetch.timeout_seconds,
            "maximumBytes": fetch.maximum_bytes,
        });
        Some(told.to_string())
    }

    /// Leaves a polled fetch to another.
    pub fn yield_fetch(&mut self, feed: usize, now: f64) {
        if let Some(feed) = self.feeds.get(feed) {
            self.engine.yield_fetch(*feed, seconds(now));
        }
    }

    /// Takes the answer to a fetch. `headers` is a JSON array of pairs; what became of it comes back as JSON.
    pub fn accept(
        &mut self,
        feed: usize,
        status: u16,
        headers: &str,
        body: &[u8],
        now: f64,
    ) -> String {
        let pairs: Vec<(String, String)> = serde_json::from_str(headers).unwrap_or_default();
        let lines: Vec<(&[u8], &[u8])> =
            pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
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
        let states = self.engine.feeds(seconds(now)).map(|state| {
            json!({
                "kind": kind(state.kind),
                "issuer": state.issuer,
                "freshness": freshness(state.freshness),
                "ageSeconds": state.age_seconds,
            })
        });
        states.collect::<Value>().to_string()
    }

    fn answer(&mut self, feed: usize, response: FetchResponse<'_>, now: f64) -> String {
        let outcome =
            self.feeds.get(feed).map(|feed| self.engine.accept(*feed, response, seconds(now)));
        told(outcome)
    }
}

fn told(outcome: Option<FetchOutcome>) -> String {
    let told = match outcome {
        Some(FetchOutcome::Accepted(_)) => json!({ "outcome": "accepted" }),
        Some(FetchOutcome::Unchanged) => json!({ "outcome": "unchanged" }),
        Some(FetchOutcome::Kept(error)) => {
            json!({ "outcome": "kept", "problem": error.to_string() })
        }
        None => json!({ "outcome": "kept", "problem": "no such feed" }),
    };
    told.to_string()
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
