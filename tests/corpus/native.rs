//! The engine as a library, with signatures checked in Rust.

use std::collections::BTreeMap;

use edgelatch_core::{
    Allow, Decision, Deny, Engine, FetchResponse, Policy, Request, Step, Timestamp, software,
};

use super::judge::Arrived;
use super::{CorpusError, Exchange, ExpandedCase, Host, Observed};

/// The simplest host: no network, no clock, one engine per case.
#[derive(Debug, Default)]
pub struct NativeHost {
    engine: Option<Engine>,
    key_sets: BTreeMap<String, Vec<u8>>,
}

impl Host for NativeHost {
    fn load(&mut self, policy: &str) -> Result<Option<String>, CorpusError> {
        Ok(Policy::from_json(policy.as_bytes()).err().map(|error| error.to_string()))
    }

    fn begin(&mut self, case: &ExpandedCase, policy: &str) -> Result<(), CorpusError> {
        let sets = case.key_sets.iter();
        self.key_sets =
            sets.map(|(path, set)| (path.clone(), set.to_string().into_bytes())).collect();
        let policy = Policy::from_json(policy.as_bytes()).map_err(CorpusError::new)?;
        self.engine = Some(Engine::new(policy));
        Ok(())
    }

    fn answer(&mut self, exchange: &Exchange) -> Result<Observed, CorpusError> {
        let engine = self.engine.as_mut().ok_or_else(|| CorpusError::new("no engine"))?;
        let headers: Vec<(&[u8], &[u8])> = exchange
            .headers
            .iter()
            .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
            .collect();
        let request = Request {
            method: exchange.method.as_bytes(),
            authority: exchange.authority.as_bytes(),
            path: exchange.path.as_bytes(),
            headers: &headers,
            source: exchange.source,
            ..Request::default()
        };
        let decision =
            decide(engine, &request, &self.key_sets, Timestamp::from_unix_seconds(exchange.now));
        Ok(match decision {
            Decision::Allow(allow) => forward(exchange, &allow),
            Decision::Deny(deny) => refuse(&deny),
        })
    }
}

/// What a host does with the steps of the engine.
fn decide(
    engine: &mut Engine,
    request: &Request<'_>,
    key_sets: &BTreeMap<String, Vec<u8>>,
    now: Timestamp,
) -> Decision {
    let mut step = engine.begin(request, now);
    if matches!(step, Step::Refresh { .. }) {
        fetch(engine, key_sets, now);
        step = engine.begin(request, now);
    }
    loop {
        match step {
            Step::Decided(decision) | Step::Refresh { otherwise: decision, .. } => return decision,
            Step::Verify(pending) => {
                let outcome = software::verify(&pending.check());
                step = engine.finish(pending, outcome, now);
            }
        }
    }
}

fn fetch(engine: &mut Engine, key_sets: &BTreeMap<String, Vec<u8>>, now: Timestamp) {
    while let Some(fetch) = engine.poll(now) {
        let response = match key_sets.get(&fetch.uri.path) {
            Some(body) => FetchResponse::Received { status: 200, headers: &[], body },
            None => FetchResponse::Failed,
        };
        engine.accept(fetch.feed, response, now);
    }
}

fn forward(exchange: &Exchange, allow: &Allow) -> Observed {
    let mut headers: Vec<(String, String)> = exchange
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_latin1()))
        .filter(|(name, _)| !allow.remove.iter().any(|removed| removed == name))
        .collect();
    for (name, value) in &allow.set {
        headers.retain(|(other, _)| **other != **name);
        headers.push((name.to_string(), value.to_string()));
    }
    let arrived =
        Arrived { method: exchange.method.clone(), path: exchange.path.to_latin1(), headers };
    Observed {
        status: 200,
        would_deny: allow.would_deny.map(|rejection| rejection.code().to_owned()),
        forwarded: Some(arrived),
        ..Observed::default()
    }
}

fn refuse(deny: &Deny) -> Observed {
    let response = deny.response();
    Observed {
        status: response.status,
        reason: Some(deny.rejection.code().to_owned()),
        headers: response
            .headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        body: response.body,
        ..Observed::default()
    }
}
