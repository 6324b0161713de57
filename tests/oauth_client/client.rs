//! The crate `oauth2` on a small HTTP client.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use edgelatch_tests::lab::Client;
use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, TokenResponse, TokenUrl,
};
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Whose certificates the client takes.
pub(crate) enum Trust {
    Nobody,
    /// The authority in a PEM file.
    In(PathBuf),
}

/// An access token by RFC 6749 section 4.4; the error as the crate describes it.
pub(crate) fn token(
    issuer: &str,
    credentials: &Client,
    method: AuthType,
    trust: &Trust,
) -> Result<String, String> {
    let agent = agent(trust);
    let client = BasicClient::new(ClientId::new(credentials.client_id.clone()))
        .set_client_secret(ClientSecret::new(credentials.client_secret.clone()))
        .set_token_uri(TokenUrl::new(format!("{issuer}/oauth2/token")).unwrap())
        .set_auth_type(method);
    let response = client
        .exchange_client_credentials()
        .request(&|request| send(&agent, request))
        .map_err(|error| format!("{error:?}"))?;
    Ok(response.access_token().secret().clone())
}

fn send(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let (head, mut body) = agent.run(request)?.into_parts();
    Ok(HttpResponse::from_parts(head, body.read_to_vec()?))
}

fn agent(trust: &Trust) -> Agent {
    let roots = match trust {
        Trust::Nobody => Vec::new(),
        Trust::In(file) => vec![Certificate::from_pem(&fs::read(file).unwrap()).unwrap()],
    };
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    // An error status is an answer to the OAuth client, not a failure of HTTP.
    Agent::config_builder().tls_config(tls).http_status_as_error(false).build().new_agent()
}
