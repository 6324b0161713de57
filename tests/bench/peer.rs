//! The peer: `jsonwebtoken` as its documentation shows it, checking issuer, audience and expiry.

use edgelatch_tests::minting::{Keys, Token};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, crypto, decode, decode_header, jwk::Jwk};
use serde::Deserialize;
use serde_json::Value;

use super::Failure;

/// A token, its key, and what is asked of it.
pub(crate) struct Peer {
    token: String,
    key: DecodingKey,
    validation: Validation,
}

/// The claims that our side reads, too.
#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is the work that is measured")]
struct Claims {
    iss: String,
    sub: String,
    client_id: String,
    jti: String,
    scope: String,
    exp: u64,
    iat: u64,
}

impl Peer {
    pub(crate) fn new(key: &str) -> Result<Self, Failure> {
        // A second call finds it installed already.
        let _ = crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
        let keys = Keys::load()?;
        let token = Token { key: Some(key.into()), ..Token::default() }.mint(&keys)?;
        let token = String::from_utf8(token)?;
        let jwk: Jwk = serde_json::from_value(Value::Object(keys.public(key)?))?;
        let algorithm: Algorithm = keys.member(key, "alg")?.parse()?;
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&["https://issuer.example.com"]);
        validation.set_audience(&["https://api.example.com"]);
        let peer = Self { token, key: DecodingKey::from_jwk(&jwk)?, validation };
        // Its clock is the real one, and the token of the factory is from 2030: not yet expired.
        decode::<Claims>(&peer.token, &peer.key, &peer.validation)?;
        Ok(peer)
    }

    /// The header alone, which is all that this library parses before the signature.
    pub(crate) fn parse(&self) -> bool {
        decode_header(&self.token).is_ok()
    }

    /// The signature alone.
    pub(crate) fn verify(&self) -> bool {
        let Some((message, signature)) = self.token.rsplit_once('.') else { return false };
        let algorithm = self.validation.algorithms.first().copied().unwrap_or_default();
        crypto::verify(signature, message.as_bytes(), &self.key, algorithm).is_ok_and(|valid| valid)
    }

    /// Signature and claims.
    pub(crate) fn decide(&self) -> bool {
        decode::<Claims>(&self.token, &self.key, &self.validation).is_ok()
    }
}
