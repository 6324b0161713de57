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

/// Sends the request and waits for its line in Envoy's access log.
pub(crate) fn shoot(stage: &mut Stage, scene: &Scene) -> Result<Take, LabError> {
    let headers: Vec<_> = scene.headers.iter().map(|(n, value)| (*n, value.as_slice())).collect();
    let request = http::request(scene.method, scene.path, "api.example.com", &headers);
    let seen = access_log(stage).len();
    let start = Instant::now();
    let response = http::exchange(loopback(stage.ports.api), &request)?;
    let time = start.elapsed();
    let line = next_line(stage, seen)?;
    let shown = scene.shown.map(|name| received(&response, name));
    let is_identity_ours =
        shown.as_ref().is_none_or(|value| *value == stage.clients.reader.client_id);
    Ok(Take { status: response.status, reason: line.reason(), time, shown, is_identity_ours })
}

/// What `envoy/envoy.yaml` logs of a request, as far as it matters here.
#[derive(Deserialize)]
struct LogLine {
    details: Option<String>,
    reason: Option<String>,
}

impl LogLine {
    /// The reason code; in brackets that of a request which only would have been refused.
    fn reason(&self) -> String {
        let details = self.details.as_deref().unwrap_or("-");
        let code =
            details.strip_prefix("edgelatch_access_denied{").and_then(|d| d.strip_suffix('}'));
        match (code, &self.reason) {
            (Some(code), _) => code.to_owned(),
            (None, Some(would_deny)) => format!("({would_deny})"),
            (None, None) if details == "via_upstream" => PASSED.to_owned(),
            (None, None) => details.to_owned(),
        }
    }
}

fn access_log(stage: &Stage) -> Vec<LogLine> {
    let text = stage.envoy.log();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The demo sends one request at a time, so the first new line is the one of this request.
fn next_line(stage: &Stage, seen: usize) -> Result<LogLine, LabError> {
    let deadline = Instant::now() + Duration::from_mins(1);
    while Instant::now() < deadline {
        if let Some(line) = access_log(stage).into_iter().nth(seen) {
            return Ok(line);
        }
        thread::sleep(Duration::from_millis(5));
    }
    Err(LabError::Answer { what: "Envoy logged no line for a request within a minute".into() })
}

fn received(response: &Response, name: &str) -> String {
    let Ok(echo) = Echo::of(response) else { return String::new() };
    echo.header(name).collect::<Vec<_>>().join(", ")
}
