//! Tokens from the real token endpoint.

use std::thread;
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use edgelatch_tests::lab::http::exchange;
use edgelatch_tests::lab::{Client, LabError};
use serde::Deserialize;

use crate::stage::{Stage, loopback};

/// One honest token per client.
pub(crate) struct Tokens {
    pub(crate) reader: String,
    pub(crate) stranger: String,
    pub(crate) expired: String,
    expiry: Instant,
}

impl Tokens {
    pub(crate) fn fetch(stage: &Stage) -> Result<Self, LabError> {
        let clients = &stage.clients;
        let hasty = fetch(stage, &clients.hasty)?;
        // A second more: the times in a token are whole seconds.
        let lifetime = Duration::from_secs(hasty.expires_in.saturating_add(1));
        Ok(Self {
            expiry: Instant::now() + lifetime,
            expired: hasty.access_token,
            reader: fetch(stage, &clients.reader)?.access_token,
            stranger: fetch(stage, &clients.stranger)?.access_token,
        })
    }

    /// Returns when the short-lived token has expired.
    pub(crate) fn wait_for_expiry(&self) {
        thread::sleep(self.expiry.saturating_duration_since(Instant::now()));
    }
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    expires_in: u64,
}

/// RFC 6749 section 4.4.2, with the credentials of section 2.3.1 in the header.
fn fetch(stage: &Stage, client: &Client) -> Result<TokenResponse, LabError> {
    let credentials = format!("{}:{}", client.client_id, client.client_secret);
    let credentials = Base64::encode_string(credentials.as_bytes());
    let body = "grant_type=client_credentials";
    let request = format!(
        "POST /oauth2/token HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Basic {credentials}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    let response = exchange(loopback(stage.ports.issuer), request.as_bytes())?;
    serde_json::from_slice(&response.body).map_err(|error| LabError::Answer {
        what: format!("{} from the token endpoint: {error}", response.status),
    })
}
