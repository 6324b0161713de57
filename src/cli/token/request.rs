//! The token request (RFC 6749 s4.4.2).

use base64ct::{Base64, Encoding};
use serde_json::Value;
use ureq::Agent;
use zeroize::Zeroizing;

use super::http::{printable, read_json};
use crate::failure::Failure;

/// What to ask for, and as whom.
pub(super) struct Wanted<'a> {
    pub(super) client_id: &'a str,
    pub(super) secret: &'a str,
    pub(super) scopes: &'a [String],
    pub(super) resources: &'a [String],
}

/// Asks, and returns the answer of the issuer if it is a yes.
pub(super) fn send(agent: &Agent, endpoint: &str, wanted: &Wanted<'_>) -> Result<Value, Failure> {
    let request = agent
        .post(endpoint)
        .header("authorization", basic(wanted).as_str())
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    let (status, answer) = read_json(endpoint, request.send(form(wanted)))?;
    if status == 200 {
        return Ok(answer);
    }
    let word = |name: &str| printable(answer.get(name).and_then(Value::as_str).unwrap_or("-"));
    Err(Failure::Refused(format!(
        "token refused: {endpoint}: status {status}, {} ({}); {}",
        word("error"),
        word("error_description"),
        advice(status, &word("error")),
    )))
}

fn advice(status: u16, error: &str) -> &'static str {
    match (status, error) {
        (_, "invalid_client") => "check --client-id and the secret, and that the client is enabled",
        (_, "invalid_scope") => "ask for scopes of the client, see 'edgelatch client show'",
        (_, "invalid_target") => "ask for resources of the client, see 'edgelatch client show'",
        (429 | 503, _) => "try again later",
        _ => "see the audit of the issuer for the reason",
    }
}

/// RFC 6749 s2.3.1: both halves form-encoded, then base64.
fn basic(wanted: &Wanted<'_>) -> Zeroizing<String> {
    let pair = Zeroizing::new(format!("{}:{}", encode(wanted.client_id), encode(wanted.secret)));
    Zeroizing::new(format!("Basic {}", Base64::encode_string(pair.as_bytes())))
}

fn form(wanted: &Wanted<'_>) -> String {
    let mut form = "grant_type=client_credentials".to_owned();
    if !wanted.scopes.is_empty() {
        form.push_str("&scope=");
        form.push_str(&encode(&wanted.scopes.join(" ")));
    }
    for resource in wanted.resources {
        form.push_str("&resource=");
        form.push_str(&encode(resource));
    }
    form
}

/// The encoding of forms; `%20` for a space reads the same as `+`.
fn encode(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_what_a_form_needs_encoded() {
        let wanted = Wanted {
            client_id: "a b",
            secret: "c:d",
            scopes: &["orders:read".to_owned(), "x".to_owned()],
            resources: &["https://api.example".to_owned()],
        };
        assert_eq!(
            form(&wanted),
            "grant_type=client_credentials&scope=orders%3Aread%20x&resource=https%3A%2F%2Fapi.example"
        );
        assert_eq!(basic(&wanted).as_str(), "Basic YSUyMGI6YyUzQWQ=");
    }
}
