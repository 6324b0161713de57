//! Where is the token endpoint? (RFC 8414)

use edgelatch_issuer::IssuerUrl;
use ureq::Agent;

use super::http::read_json;
use crate::failure::Failure;

/// Asks the issuer for its token endpoint.
pub(super) fn token_endpoint(agent: &Agent, issuer: &IssuerUrl) -> Result<String, Failure> {
    let url = issuer.metadata_url();
    let (status, metadata) = read_json(&url, agent.get(&url).call())?;
    let refuse =
        |problem: &str| Failure::Refused(format!("issuer answers wrongly: {url}: {problem}"));
    if status != 200 {
        return Err(refuse(&format!("status {status}; check --issuer")));
    }
    // RFC 8414 s3.3: else any host could speak for any issuer.
    if metadata.get("issuer").and_then(|name| name.as_str()) != Some(issuer.as_str()) {
        return Err(refuse("it is the metadata of another issuer; check --issuer"));
    }
    let endpoint = metadata.get("token_endpoint").and_then(|endpoint| endpoint.as_str());
    let endpoint = endpoint.ok_or_else(|| refuse("no token_endpoint in the metadata"))?;
    // The rules of an issuer URL, https or loopback, are those for a place to send a secret to.
    let secure = IssuerUrl::parse(endpoint.split('?').next().unwrap_or_default());
    secure.map_err(|_| refuse("its token_endpoint is not https"))?;
    Ok(endpoint.to_owned())
}
