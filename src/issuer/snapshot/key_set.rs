//! The published key set (RFC 7517 s5), ready to be sent.

use aws_lc_rs::digest::{SHA256, digest};
use base64ct::{Base64UrlUnpadded, Encoding};
use hyper::body::Bytes;
use jwt_compact::jwk::JsonWebKey;
use serde::Serialize;

use super::keys::OpenKey;

/// The document and its entity tag.
pub(crate) struct KeySet {
    pub(crate) body: Bytes,
    pub(crate) entity_tag: String,
}

#[derive(Serialize)]
struct Document<'a> {
    keys: Vec<PublishedKey<'a>>,
}

/// `use` and `alg` pin the purpose: a key that may do one thing only cannot be confused.
#[derive(Serialize)]
struct PublishedKey<'a> {
    kid: &'a str,
    r#use: &'static str,
    alg: &'static str,
    #[serde(flatten)]
    key: &'a JsonWebKey<'static>,
}

impl KeySet {
    /// Announced, active and retired keys, public members only.
    pub(super) fn build(keys: &[OpenKey<'_>]) -> Self {
        let document = Document { keys: keys.iter().map(publish).collect() };
        // Strings alone: there is nothing in it that could fail to be written.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let hash = Base64UrlUnpadded::encode_string(digest(&SHA256, &body).as_ref());
        Self { body: body.into(), entity_tag: format!("\"{hash}\"") }
    }
}

fn publish<'a>(key: &'a OpenKey<'_>) -> PublishedKey<'a> {
    PublishedKey {
        kid: &key.record.key_id,
        r#use: "sig",
        alg: key.record.algorithm.name(),
        key: &key.public_key,
    }
}
