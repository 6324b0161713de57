//! The signed list (draft-ietf-oauth-status-list s5.1), ready to be sent.

use aws_lc_rs::digest::{SHA256, digest};
use base64ct::{Base64UrlUnpadded, Encoding};
use hyper::body::Bytes;
use jwt_compact::{Claims, Header};
use serde::Serialize;
use tokio::time::Instant;

use super::{RevokedToken, STATUS_LIST_PATH, StatusList, TIME_TO_LIVE};
use crate::config::IssuerUrl;
use crate::signing::SigningError;
use crate::snapshot::Signer;

/// Seconds from signature to `exp`: how long an edge may use a list at the very most.
const LIFETIME: u64 = 3600;

/// What a caller gets, and what it says.
pub(crate) struct StatusDocument {
    pub(crate) body: Bytes,
    pub(crate) entity_tag: String,
    pub(crate) sequence: u64,
    /// Milliseconds since the Unix epoch: when access was last taken away.
    pub(crate) changed_at: u64,
    pub(super) length: u64,
    pub(super) key_id: String,
    pub(super) issued_at: u64,
    pub(super) signed: Instant,
}

#[derive(Serialize)]
struct StatusClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    iat: u64,
    exp: u64,
    ttl: u64,
    status_list: Bits<'a>,
    sequence: u64,
    changed_at: u64,
    revoked_tokens: Vec<(&'a str, u64)>,
}

#[derive(Serialize)]
struct Bits<'a> {
    bits: u8,
    lst: &'a str,
}

impl StatusDocument {
    /// Signs a list. `iat` does not go back even if the clock does: edges would refuse the list.
    pub(super) fn sign(
        list: &StatusList,
        issuer: &IssuerUrl,
        signer: &Signer,
        earliest: u64,
        now: u64,
    ) -> Result<Self, SigningError> {
        let issued_at = now.max(earliest);
        let uri = issuer.below(STATUS_LIST_PATH);
        let claims = StatusClaims {
            iss: issuer.as_str(),
            sub: &uri,
            iat: issued_at,
            exp: issued_at.saturating_add(LIFETIME),
            ttl: TIME_TO_LIVE,
            status_list: Bits { bits: 1, lst: &list.encoded },
            sequence: list.sequence(),
            changed_at: list.record.changed_at,
            revoked_tokens: list.revoked_tokens(now).map(named).collect(),
        };
        // RFC 8725 s3.11: `typ` keeps the list from being taken for a token, and the other way.
        let header =
            Header::empty().with_token_type("statuslist+jwt").with_key_id(signer.key_id.as_str());
        let body = signer.key.sign(&header, &Claims::new(claims))?;
        let hash = Base64UrlUnpadded::encode_string(digest(&SHA256, body.as_bytes()).as_ref());
        Ok(Self {
            body: body.into(),
            entity_tag: format!("\"{hash}\""),
            sequence: list.sequence(),
            changed_at: list.record.changed_at,
            length: list.length,
            key_id: signer.key_id.clone(),
            issued_at,
            signed: Instant::now(),
        })
    }
}

fn named(token: &RevokedToken) -> (&str, u64) {
    (&token.token_id, token.expires_at)
}
