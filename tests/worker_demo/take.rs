//! Sending one request of the story and finding out what became of it.

use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{Echo, LabError};
use serde::Deserialize;

use crate::stage::{Stage, loopback};
use crate::story::{PASSED, Scene};

/// What happened.
pub(crate) struct Take {
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) time: Duration,
    /// The header that the scene wants to be shown, as the upstream received it.
    pub(crate) shown: Option<String>,
    is_identity_ours: bool,
}

impl Take {
    pub(crate) fn is_as_expected(&self, scene: &Scene) -> bool {
        (self.status, self.reason.as_str()) == (scene.status, scene.reason) && self.is_identity_ours
    }
}

/// Plays a scene at the gateway on `port`. On a busy machine the cache or the issuer may answer later than a gateway
/// waits: then it is played again. What differs from the story at once is final.
pub(crate) fn shoot(stage: &Stage, port: u16, scene: &Scene) -> Result<Take, LabError> {
    let began = Instant::now();
    loop {
        let take = shoot_once(stage, port, scene)?;
        let waited = began.elapsed();
        if take.is_as_expected(scene) || waited < PATIENCE || waited > LIMIT {
            return Ok(take);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Sends the request and waits for its line in the log.
fn shoot_once(stage: &Stage, port: u16, scene: &Scene) -> Result<Take, LabError> {
    let headers: Vec<_> = scene.headers.iter().map(|(n, value)| (*n, value.as_slice())).collect();
    let request = http::request(scene.method, scene.path, "api.example.com", &headers);
    let seen = log(stage).len();
    let start = Instant::now();
    let response = http::exchange(loopback(port), &request)?;
    let time = start.elapsed();
    let reason = next_line(stage, seen)?.edgelatch.text();
    let shown = scene.shown.map(|name| received(&response, name));
    let is_identity_ours =
        shown.as_ref().is_none_or(|value| *value == stage.clients.reader.client_id);
    Ok(Take { status: response.status, reason, time, shown, is_identity_ours })
}

/// What the gateway logs of a request, as far as it matters here.
#[derive(Deserialize)]
struct LogLine {
    edgelatch: Outcome,
}

#[derive(Deserialize)]
struct Outcome {
    outcome: Option<String>,
    reason: Option<String>,
    upstream: Option<String>,
}

impl Outcome {
    /// The reason code; in brackets that of a request which only would have been refused.
    fn text(self) -> String {
        match (self.outcome.as_deref(), self.reason, self.upstream) {
            (_, _, Some(fault)) => format!("upstream {fault}"),
            (Some("would_deny"), Some(code), _) => format!("({code})"),
            (Some("allowed"), None, _) => PASSED.to_owned(),
            (_, code, _) => code.unwrap_or_else(|| "-".to_owned()),
        }
    }
}

fn log(stage: &Stage) -> Vec<LogLine> {
    let text = stage.workerd.log();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The demo sends one request at a time, so the first new line is the one of this request.
fn next_line(stage: &Stage, seen: usize) -> Result<LogLine, LabError> {
    let deadline = Instant::now() + LIMIT;
    while Instant::now() < deadline {
        if let Some(line) = log(stage).into_iter().nth(seen) {
            return Ok(line);
        }
        thread::sleep(Duration::from_millis(5));
    }
    Err(LabError::Answer {
        what: "the gateway logged no line for a request within a minute".into(),
    })
}

fn received(response: &Response, name: &str) -> String {
    let Ok(echo) = Echo::of(response) else { return String::new() };
    echo.header(name).collect::<Vec<_>>().join(", ")
}

const LIMIT: Duration = Duration::from_mins(1);
/// A little less than 300 ms, for which a gateway waits for a cache; for an issuer it waits longer.
const PATIENCE: Duration = Duration::from_millis(250);
