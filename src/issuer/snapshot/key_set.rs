//! The published key set (RFC 7517 s5), ready to be sent.

use aws_lc_rs::digest::{SHA256, digest};
use base64ct::{Base64UrlUnpadded, Encoding};
use hyper::body::Bytes;
use jwt_compact::jwk::JsonWebKey;
use serde::Serialize;

use super::UnusableKey;
use crate::store::KeyRecord;

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
    key: JsonWebKey<'a>,
}

impl KeySet {
    /// Announced, active and retired keys, public members only.
    pub(crate) fn build(keys: &[KeyRecord]) -> Result<Self, UnusableKey> {
        let published = keys.iter().filter(|key| key.state.is_published());
        let keys = published.map(publish).collect::<Result<_, _>>()?;
        let body = serde_json::to_vec(&Document { keys })
            .map_err(|_| UnusableKey { key_id: "the key set".to_owned() })?;
        let hash = Base64UrlUnpadded::encode_string(digest(&SHA256, &body).as_ref());
        Ok(Self { body: body.into(), entity_tag: format!("\"{hash}\"") })
    }
}

fn publish(record: &KeyRecord) -> Result<PublishedKey<'_>, UnusableKey> {
    let key: JsonWebKey<'_> = serde_json::from_str(&record.public_key)
        .map_err(|_| UnusableKey { key_id: record.key_id.clone() })?;
    Ok(PublishedKey {
        kid: &record.key_id,
        r#use: "sig",
        alg: record.algorithm.name(),
        // Whatever the row holds, private members never leave.
        key: key.to_verifying_key(),
    })
}
