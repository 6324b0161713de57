//! The documents of a source, and what they are.

use clap::ValueEnum;
use serde_json::Value;

use super::source::Source;
use super::{envoy, gateway, istio};

/// What a source is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::doc_markdown, reason = "help for a terminal, where backticks would be seen")]
pub(super) enum Format {
    /// jwt_authn, and RBAC beside it; a whole configuration or the filter
    Envoy,
    /// RequestAuthentication and AuthorizationPolicy
    Istio,
    /// SecurityPolicy of Envoy Gateway
    EnvoyGateway,
}

/// The documents of a YAML stream, or the one of JSON.
pub(super) fn read(text: &str) -> Result<Vec<Value>, String> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|error| {
        let message = error.to_string();
        format!("{}; correct this line", message.lines().next().unwrap_or("not YAML"))
    })?;
    let mut all = Vec::new();
    for document in documents {
        match items(&document) {
            Some(items) => all.extend(items.iter().cloned()),
            None if document.is_null() => {}
            None => all.push(document),
        }
    }
    if all.is_empty() { Err("empty; give a document".to_owned()) } else { Ok(all) }
}

/// What `kubectl get -o yaml` wraps several objects in.
fn items(document: &Value) -> Option<&Vec<Value>> {
    document
        .get("kind")
        .filter(|kind| *kind == "List")
        .and_then(|_| document.get("items")?.as_array())
}

/// The format by what is in it.
pub(super) fn detect(documents: &[Value]) -> Result<Format, String> {
    let mut seen = Vec::new();
    for document in documents {
        let source = Source::new(document, "");
        let kind = source.text_at("kind").unwrap_or_default();
        let version = source.text_at("apiVersion").unwrap_or_default();
        if istio::KINDS.contains(&kind.as_str()) && version.starts_with("security.istio.io/") {
            return Ok(Format::Istio);
        }
        if kind == gateway::KIND && version.starts_with("gateway.envoyproxy.io/") {
            return Ok(Format::EnvoyGateway);
        }
        if kind.is_empty() && envoy::is_envoy(&source) {
            return Ok(Format::Envoy);
        }
        if !kind.is_empty() {
            seen.push(kind.escape_debug().to_string());
        }
    }
    let seen = if seen.is_empty() { String::new() } else { format!(": {}", seen.join(", ")) };
    Err(format!("nothing to import in it{seen}; understood are {UNDERSTOOD}"))
}

pub(super) const UNDERSTOOD: &str = "the Envoy filter jwt_authn (whole configuration, or the filter with its \
     @type), Istio RequestAuthentication and AuthorizationPolicy (security.istio.io), and Envoy Gateway SecurityPolicy \
     (gateway.envoyproxy.io)";
