//! A token from the real token endpoint.

use std::net::SocketAddr;

use base64ct::{Base64, Encoding};
use edgelatch_tests::lab::{Client, http};

/// RFC 6749 section 4.4.2, with the credentials of section 2.3.1 in the header.
pub(crate) fn fetch(issuer: SocketAddr, client: &Client) -> String {
    let credentials = format!("{}:{}", client.client_id, client.client_secret);
    let credentials = Base64::encode_string(credentials.as_bytes());
    let body = "grant_type=client_credentials";
    let request = format!(
        "POST /oauth2/token HTTP/1.1\r\nhost: issuer\r\nauthorization: Basic {credentials}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    let response = http::exchange(issuer, request.as_bytes()).unwrap();
    response.json().unwrap()["access_token"].as_str().unwrap().to_owned()
}
