//! What one line says. Never a secret, never a token, never text that could confuse a reader.

use std::net::IpAddr;

use serde::Serialize;

use super::AuditError;
use crate::clock;
use crate::secret::resembles_secret;

/// What a client wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    TokenRequest,
    TokenRevocation,
}

/// One login attempt, as far as it got.
#[derive(Debug, Serialize)]
pub(crate) struct Attempt {
    time: String,
    target: &'static str,
    pub(crate) event: Event,
    pub(crate) outcome: Outcome,
    pub(crate) reason: &'static str,
    source: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) credential_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auth_method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_id: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Granted,
    Refused,
    /// The token is good for nothing, now or already.
    Revoked,
}

impl Attempt {
    /// An attempt that has just begun; refused unless something better is noted.
    pub(crate) fn begin(event: Event, source: IpAddr) -> Self {
        Self {
            time: clock::rfc3339(clock::now_milliseconds()),
            target: "audit",
            event,
            outcome: Outcome::Refused,
            reason: "unfinished",
            source,
            client_id: None,
            credential_id: None,
            auth_method: None,
            scope: None,
            resource: Vec::new(),
            jti: None,
            key_id: None,
        }
    }

    /// Notes whom the caller claims to be, unless it would put odd text into the log. A secret
    /// pasted into the wrong field is a common mistake and must not be recorded either.
    pub(crate) fn claim_client(&mut self, client_id: &str) {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte);
        let fine = (1..=128).contains(&client_id.len()) && client_id.bytes().all(plain);
        if fine && !resembles_secret(client_id) {
            self.client_id = Some(client_id.to_owned());
        }
    }

    /// Notes what is asked for: only characters that a scope or an address may have.
    pub(crate) fn note_request(&mut self, scope: Option<&str>, resources: &[&str]) {
        self.scope = scope.filter(|scope| is_loggable(scope)).map(str::to_owned);
        let fine = resources.iter().filter(|resource| is_loggable(resource));
        self.resource = fine.take(16).map(ToString::to_string).collect();
    }

    /// Notes what is granted, all of it: it was checked when the client was registered, and a line
    /// that says less than the token would be a lie.
    pub(crate) fn note_grant(&mut self, scope: &str, audience: &[&str]) {
        self.scope = Some(scope.to_owned());
        self.resource = audience.iter().map(ToString::to_string).collect();
    }

    /// The line with its end. An error rather than an empty line for something that was granted.
    pub(crate) fn to_line(&self) -> Result<Vec<u8>, AuditError> {
        let mut line = serde_json::to_vec(self).map_err(|_| AuditError)?;
        line.push(b'\n');
        Ok(line)
    }
}

/// Short, printable ASCII: no escape sequence, no right-to-left override, no line break.
fn is_loggable(text: &str) -> bool {
    text.len() <= 256
        && !text.split(' ').any(resembles_secret)
        && text.bytes().all(|byte| (0x20..0x7F).contains(&byte))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn attempt() -> Attempt {
        Attempt::begin(Event::TokenRequest, Ipv4Addr::LOCALHOST.into())
    }

    fn line(attempt: &Attempt) -> String {
        String::from_utf8(attempt.to_line().unwrap()).unwrap()
    }

    #[test]
    fn records_a_plain_client_id() {
        let mut attempt = attempt();
        attempt.claim_client("orders-1");
        assert!(line(&attempt).contains(r#""client_id":"orders-1""#));
    }

    #[test]
    fn omits_client_ids_that_could_confuse_a_reader() {
        let long = "a".repeat(129);
        for id in ["", "a\nb", "\u{1b}[31m", "a\u{202e}b", "a'--", "el_live_a_b_c", &long] {
            let mut attempt = attempt();
            attempt.claim_client(id);
            assert!(!line(&attempt).contains("client_id"), "{id:?}");
        }
    }

    #[test]
    fn omits_scopes_and_resources_that_could_confuse_a_reader() {
        let mut attempt = attempt();
        attempt.note_request(Some("a\u{1b}[2J"), &["https://api.example", "\r\nfake"]);
        let line = line(&attempt);
        assert!(!line.contains("scope") && !line.contains("fake"));
        assert!(line.contains("https://api.example"));
    }

    #[test]
    fn records_all_that_is_granted() {
        let mut attempt = attempt();
        let long = format!("el_x {}", "a".repeat(300));
        attempt.note_request(Some(&long), &[]);
        assert!(!line(&attempt).contains("scope"));
        attempt.note_grant(&long, &["https://api.example"]);
        assert!(line(&attempt).contains(&long));
    }
}
