//! Where is the token endpoint? (RFC 8414)

use edgelatch_issuer::IssuerUrl;
use ureq::Agent;
use ureq::http::Uri;
use ureq::http::uri::Authority;

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
    if !may_get_secrets(endpoint, issuer) {
        return Err(refuse("its token_endpoint is not https"));
    }
    Ok(endpoint.to_owned())
}

/// A secret goes to https only, or from an issuer on loopback to another place on loopback.
fn may_get_secrets(endpoint: &str, issuer: &IssuerUrl) -> bool {
    let Ok(uri) = endpoint.parse::<Uri>() else { return false };
    let plain = || format!("http://{}", uri.authority().map_or("", Authority::as_str));
    match uri.scheme_str() {
        Some("https") => uri.host().is_some_and(|host| !host.is_empty()),
        Some("http") => !issuer.is_https() && IssuerUrl::parse(&plain()).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(issuer: &str, endpoint: &str, expected: bool) {
        let issuer = IssuerUrl::parse(issuer).unwrap();
        assert_eq!(may_get_secrets(endpoint, &issuer), expected, "{endpoint}");
    }

    #[test]
    fn sends_secrets_over_https_or_loopback_only() {
        for endpoint in ["https://a.example/t/", "https://A.example:443/t?x=y", "HTTPS://a.example"]
        {
            check("https://a.example", endpoint, true);
        }
        for endpoint in ["http://a.example/t", "http://127.0.0.1/t", "/t", "a.example", "https://"]
        {
            check("https://a.example", endpoint, false);
        }
        check("http://127.0.0.1:1", "http://127.0.0.1:2/t", true);
        check("http://127.0.0.1:1", "http://a.example/t", false);
    }
}
