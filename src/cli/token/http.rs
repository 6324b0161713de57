//! A small HTTP client with the trust that the operator chose.

use core::time::Duration;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use serde_json::Value;
use ureq::http::Response;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

use crate::failure::Failure;

const TIMEOUT: Duration = Duration::from_secs(15);
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

/// Follows no redirect: it could carry the secret to another host.
pub(super) fn agent(ca_certificate: Option<&Path>) -> Result<Agent, Failure> {
    let roots = match ca_certificate {
        Some(file) => RootCerts::from(certificates(file)?),
        None => RootCerts::WebPki,
    };
    let tls = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        .build();
    Ok(config.new_agent())
}

/// The JSON of an answer and its status.
pub(super) fn read_json(
    url: &str,
    answer: Result<Response<Body>, ureq::Error>,
) -> Result<(u16, Value), Failure> {
    let mut answer = answer.map_err(|error| {
        let text = error.to_string();
        let advice = if text.contains("invalid peer certificate") {
            "correct its certificate, or name that of its authority with --ca-certificate"
        } else {
            "check --issuer and that it is running"
        };
        Failure::Refused(format!("issuer cannot be reached: {url} ({text}); {advice}"))
    })?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
    let value = text.ok().and_then(|text| serde_json::from_slice(&text).ok());
    Ok((status, value.unwrap_or(Value::Null)))
}

/// What a stranger wrote, fit for a terminal: printable ASCII, short.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|letter| (' '..='~').contains(letter)).take(160).collect()
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, Failure> {
    let refuse = |problem: String| {
        Failure::Mistake(format!(
            "cannot use the certificates: {} ({problem}); name a PEM file as --ca-certificate",
            file.display()
        ))
    };
    let pem = fs::read(file).map_err(|error| refuse(error.to_string()))?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) =
            item.map_err(|error| refuse(error.to_string()))?
        {
            found.push(certificate);
        }
    }
    if found.is_empty() { Err(refuse("no certificate in it".to_owned())) } else { Ok(found) }
}
