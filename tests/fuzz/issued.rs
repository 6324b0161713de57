//! What the issuers signed: a few tokens, and a proof of possession. A test compares `issued.json` with what the test
//! keys sign; no other signature exists.

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_core::{Algorithm, KeyMaterial, SignatureCheck, SignatureOutcome, VerifyingKey};
use serde_json::Value;

/// A compact JWS with a name.
#[derive(Clone, Debug)]
pub struct Issued {
    /// How inputs write it, behind a dollar.
    pub name: String,
    /// The key that signed.
    pub key: String,
    /// The whole.
    pub text: String,
    /// The decoded signature.
    pub signature: Vec<u8>,
}

impl Issued {
    /// What was signed: everything before the last dot.
    pub fn message(&self) -> &str {
        self.text.rsplit_once('.').map_or("", |(message, _)| message)
    }
}

/// All of them.
pub fn tokens() -> &'static [Issued] {
    static ISSUED: LazyLock<Vec<Issued>> = LazyLock::new(|| {
        let file: Value = serde_json::from_str(include_str!("issued.json")).unwrap_or_default();
        let entries: Vec<_> = file.as_array().into_iter().flatten().filter_map(read).collect();
        assert!(!entries.is_empty(), "issued.json has no tokens");
        entries
    });
    &ISSUED
}

fn read(entry: &Value) -> Option<Issued> {
    let text = entry.get("text")?.as_str()?.to_owned();
    let (_, signature) = text.rsplit_once('.')?;
    Some(Issued {
        name: entry.get("name")?.as_str()?.to_owned(),
        key: entry.pointer("/token/key")?.as_str()?.to_owned(),
        signature: Base64UrlUnpadded::decode_vec(signature).ok()?,
        text,
    })
}

/// The ideal answer to a signature check.
pub(crate) fn answer(check: &SignatureCheck<'_>) -> SignatureOutcome {
    let is_signed = tokens().iter().any(|token| {
        let is_same_key = check.key.key_id() == token.key || check.key.key_id().is_empty();
        is_same_key
            && token.message().as_bytes() == check.message
            && token.signature == check.signature
    });
    if is_signed { SignatureOutcome::Valid } else { SignatureOutcome::Invalid }
}

/// Replaces `$name` by the token of this name; other dollars stay.
pub(crate) fn expand(text: &[u8]) -> Vec<u8> {
    let mut expanded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let token =
            tokens().iter().find(|token| *byte == b'$' && after.starts_with(token.name.as_bytes()));
        if let Some(token) = token {
            expanded.extend(token.text.bytes());
            rest = after.get(token.name.len()..).unwrap_or_default();
        } else {
            expanded.push(*byte);
            rest = after;
        }
    }
    expanded
}

/// Whether this key, whatever its name, made the signature.
pub(crate) fn made(key: &VerifyingKey, token: &Issued) -> bool {
    static POLICY: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(crate::host::POLICY).unwrap_or_default());
    let issuers = POLICY.get("issuers").and_then(Value::as_array).into_iter().flatten();
    let mut keys = issuers.filter_map(|issuer| issuer.pointer("/jwks/keys")?.as_array()).flatten();
    let is_signer = |jwk: &&Value| jwk.get("kid").is_some_and(|name| *name == token.key);
    let Some(signer) = keys.find(is_signer) else { return false };
    let number = |member: &str| {
        let text = signer.get(member).and_then(Value::as_str).unwrap_or_default();
        Base64UrlUnpadded::decode_vec(text).unwrap_or_default()
    };
    let algorithm = signer.get("alg").and_then(Value::as_str).and_then(Algorithm::parse);
    algorithm == Some(key.algorithm())
        && match key.material() {
            KeyMaterial::P256 { x, y } => number("x") == x && number("y") == y,
            KeyMaterial::Ed25519 { x } => number("x") == x,
            KeyMaterial::Rsa { modulus, exponent } => {
                number("n") == *modulus && number("e") == *exponent
            }
        }
}
