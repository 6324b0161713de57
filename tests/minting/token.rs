//! The description of a token, and its way to bytes.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use serde_json::{Value, json};

use super::segment::SegmentChange;
use super::signature::{SignatureChange, flip};
use super::signing::Manner;
use super::text::Values;
use super::{Keys, MintError, Text, merge, sign};

/// A token, told by what differs from a valid one. An empty description is the valid one: an
/// RFC 9068 access token of `es256-1` for the policy `standard` at the second 1900000000.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Token {
    /// The key that signs; `es256-1` when absent. It is also the `kid`.
    pub key: Option<String>,
    /// How it signs; the `alg` of the key when absent. It is also the `alg`.
    pub algorithm: Option<String>,
    /// How it signs when the name of the algorithm does not say all.
    pub manner: Manner,
    /// Merge patch of the header.
    pub header: Value,
    /// Merge patch of the claims.
    pub claims: Value,
    /// Text of the header instead of its JSON; `$members` is that JSON without the braces.
    pub header_text: Option<Text>,
    /// Text of the claims instead of their JSON; `$members` as above.
    pub claims_text: Option<Text>,
    /// Changes of the encoded header, then signed.
    pub header_segment: Vec<SegmentChange>,
    /// Changes of the encoded claims, then signed.
    pub claims_segment: Vec<SegmentChange>,
    /// Changes of the signature bytes.
    pub signature: Vec<SignatureChange>,
    /// Changes of the encoded signature.
    pub signature_segment: Vec<SegmentChange>,
    /// The whole from `$header`, `$claims`, `$signature`.
    pub compact: Option<Text>,
    /// One bit of the finished text is the other way.
    pub flip: Option<usize>,
    /// So many bytes at the end of the finished text are missing.
    pub cut: usize,
}

impl Token {
    /// The bytes of the token.
    pub fn mint(&self, keys: &Keys) -> Result<Vec<u8>, MintError> {
        let key = self.key.as_deref().unwrap_or("es256-1");
        let algorithm = match &self.algorithm {
            Some(algorithm) => algorithm,
            None => keys.member(key, "alg")?,
        };
        let header = json!({ "alg": algorithm, "typ": "at+jwt", "kid": key });
        let header = encode(&text(header, &self.header, self.header_text.as_ref())?);
        let claims = encode(&text(valid_claims(), &self.claims, self.claims_text.as_ref())?);
        let header = change(header, &self.header_segment)?;
        let claims = change(claims, &self.claims_segment)?;
        let message = [header.as_slice(), b".", &claims].concat();
        let mut signature = sign(keys, key, algorithm, &self.manner, &message)?;
        for change in &self.signature {
            change.apply(&mut signature, keys, key)?;
        }
        let signature = change(encode(&signature), &self.signature_segment)?;
        self.join(&[("header", &header), ("claims", &claims), ("signature", &signature)])
    }

    fn join(&self, values: &Values<'_>) -> Result<Vec<u8>, MintError> {
        let usual = Text::Plain("$header.$claims.$signature".to_owned());
        let mut compact = self.compact.as_ref().unwrap_or(&usual).expand(values)?;
        if let Some(bit) = self.flip {
            flip(&mut compact, bit)?;
        }
        compact.truncate(compact.len().saturating_sub(self.cut));
        Ok(compact)
    }
}

/// What the issuer of the policy `standard` says of the client `billing`.
fn valid_claims() -> Value {
    json!({
        "iss": "https://issuer.example.com",
        "sub": "billing",
        "client_id": "billing",
        "aud": "https://api.example.com",
        "scope": "orders:read",
        "jti": "token-1",
        "iat": 1_900_000_000,
        "exp": 1_900_000_300,
    })
}

fn text(usual: Value, patch: &Value, text: Option<&Text>) -> Result<Vec<u8>, MintError> {
    let mut value = usual;
    if !patch.is_null() {
        merge(&mut value, patch);
    }
    let json = value.to_string();
    let members = json.strip_prefix('{').and_then(|json| json.strip_suffix('}'));
    match text {
        None => Ok(json.into_bytes()),
        Some(text) => text.expand(&[("members", members.unwrap_or_default().as_bytes())]),
    }
}

fn encode(bytes: &[u8]) -> Vec<u8> {
    Base64UrlUnpadded::encode_string(bytes).into_bytes()
}

fn change(mut segment: Vec<u8>, changes: &[SegmentChange]) -> Result<Vec<u8>, MintError> {
    for change in changes {
        change.apply(&mut segment)?;
    }
    Ok(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mint(description: Value) -> String {
        let token: Token = serde_json::from_value(description).unwrap();
        String::from_utf8(token.mint(&Keys::load().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn mints_the_same_bytes_every_time() {
        for key in ["es256-1", "ed25519-1", "rs256-1", "ps256-1"] {
            assert_eq!(mint(json!({ "key": key })), mint(json!({ "key": key })));
        }
    }

    #[test]
    fn negating_s_twice_gives_the_first_signature_again() {
        let once = mint(json!({ "signature": ["negate-s"] }));
        let twice = mint(json!({ "signature": ["negate-s", "negate-s"] }));
        assert_ne!(once, twice);
        assert_eq!(twice, mint(json!({})));
    }

    #[test]
    fn refuses_a_description_with_an_unknown_member() {
        assert!(serde_json::from_value::<Token>(json!({ "claim": {} })).is_err());
    }
}
