//! A file of primitives as the project publishes it. Read here and not by the crate's own types, of which there is one
//! per primitive.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use serde_json::{Value, json};

use super::vectors::Label;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct File {
    number_of_tests: usize,
    pub(crate) test_groups: Vec<FileGroup>,
}

/// Tests of one key.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileGroup {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    public_key: PublicKey,
    /// RSA only: bits of the modulus.
    pub(crate) key_size: Option<usize>,
    /// All but Ed25519.
    pub(crate) sha: Option<String>,
    /// PSS only.
    pub(crate) mgf_sha: Option<String>,
    /// PSS only: bytes of the salt.
    pub(crate) s_len: Option<usize>,
    pub(crate) tests: Vec<FileTest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublicKey {
    curve: Option<String>,
    /// ECDSA: 4, x and y.
    uncompressed: Option<String>,
    /// EdDSA.
    pk: Option<String>,
    /// RSA.
    modulus: Option<String>,
    public_exponent: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileTest {
    pub(crate) tc_id: usize,
    pub(crate) msg: String,
    pub(crate) sig: String,
    pub(crate) result: Label,
}

impl File {
    pub(crate) fn parse(json: &str) -> Self {
        let file: Self = serde_json::from_str(json).unwrap();
        let tests: usize = file.test_groups.iter().map(|group| group.tests.len()).sum();
        assert_eq!(tests, file.number_of_tests);
        file
    }
}

impl FileGroup {
    pub(crate) fn curve(&self) -> &str {
        self.public_key.curve.as_deref().unwrap_or_default()
    }

    /// The key as an issuer would publish it.
    pub(crate) fn jwk(&self) -> Value {
        let key = &self.public_key;
        if let Some(point) = &key.uncompressed {
            let point = unhex(point);
            let (x, y) = point[1..].split_at(point.len() / 2);
            return json!({ "kid": "k", "kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y) });
        }
        if let Some(point) = &key.pk {
            return json!({ "kid": "k", "kty": "OKP", "crv": "Ed25519", "x": base64(&unhex(point)) });
        }
        let number = |hex: &Option<String>| base64(&unhex(hex.as_deref().unwrap()));
        let (n, e) = (number(&key.modulus), number(&key.public_exponent));
        json!({ "kid": "k", "kty": "RSA", "n": n, "e": e })
    }
}

/// Bytes of a text of hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "{text}");
    let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

/// Bytes of a segment of a token.
pub(crate) fn unbase64(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

/// A segment of a token, or a number of a key.
pub(crate) fn base64(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
