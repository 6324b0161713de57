//! A blob of an image: bytes that are called by their digest.

use core::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Bytes and what they are.
pub(crate) struct Blob {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl Blob {
    /// A document; its members are in the order of their names.
    pub(crate) fn json(media_type: &'static str, document: &Value) -> Self {
        Self { media_type, bytes: document.to_string().into_bytes() }
    }

    /// The digest in hexadecimal, which is also the name of its file.
    pub(crate) fn digest(&self) -> String {
        sha256(&self.bytes)
    }

    /// How other documents refer to it.
    pub(crate) fn descriptor(&self) -> Value {
        json!({
            "mediaType": self.media_type,
            "digest": format!("sha256:{}", self.digest()),
            "size": self.bytes.len(),
        })
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
