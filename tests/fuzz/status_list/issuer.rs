//! An issuer that signs whatever it is given, and an edge that believes it.

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signer as _, SigningKey};
use edgelatch_core::{Engine, Policy, Request, SignatureOutcome};
use serde_json::json;

use crate::host::{self, NOW};

/// `kid` of the only key.
pub(super) const KEY: &str = "k";
/// `iss`.
pub(super) const NAME: &str = "https://issuer.example.com";
/// The URL of the list.
pub(super) const LIST: &str = "https://issuer.example.com/status";
/// Seconds by which the clocks may differ.
pub(super) const SKEW: u64 = 10;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// An edge that has fetched nothing yet.
pub(super) fn edge() -> Engine {
    static POLICY: LazyLock<Option<Policy>> = LazyLock::new(|| {
        let x = Base64UrlUnpadded::encode_string(key().verifying_key().as_bytes());
        let policy = json!({
            "issuers": [{
                "issuer": NAME,
                "audiences": ["api"],
                "clock_skew_seconds": SKEW,
                "jwks": { "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": KEY }] },
                "status_list": { "uri": LIST },
            }],
            "routes": [{ "name": "all", "methods": ["GET"], "path": "/", "clients": ["*"] }],
        });
        Policy::from_json(policy.to_string().as_bytes()).ok()
    });
    Engine::new(POLICY.clone().unwrap_or_else(|| unreachable!("the policy above is not sound")))
}

/// A compact JWS of these very bytes.
pub(super) fn sign(header: &[u8], claims: &[u8]) -> Vec<u8> {
    let segment = Base64UrlUnpadded::encode_string;
    let message = [segment(header), segment(claims)].join(".");
    let signature = key().sign(message.as_bytes()).to_bytes();
    [message, segment(&signature)].join(".").into_bytes()
}

/// Whether the edge lets a valid token pass that has this place in the list.
pub(super) fn admits(engine: &mut Engine, index: u64, token_id: &str) -> bool {
    let now = NOW.as_unix_seconds();
    let header = json!({ "alg": "Ed25519", "kid": KEY, "typ": "at+jwt" });
    let claims = json!({
        "iss": NAME, "sub": "c", "client_id": "c", "aud": "api", "jti": token_id, "iat": now,
        "exp": now + 60, "status": { "status_list": { "idx": index, "uri": LIST } },
    });
    let segment = |value: String| Base64UrlUnpadded::encode_string(value.as_bytes());
    let parts = [segment(header.to_string()), segment(claims.to_string()), segment("-".repeat(64))];
    let line = [b"Bearer ", parts.join(".").as_bytes()].concat();
    let headers = [(&b"authorization"[..], line.as_slice())];
    let request = Request {
        method: b"GET",
        authority: b"api",
        path: b"/",
        headers: &headers,
        ..Request::default()
    };
    // The token is not what is tried here: its signature is valid by definition.
    let decision = host::decide(engine, &request, NOW, |_| SignatureOutcome::Valid);
    host::admits_client(&decision)
}
