//! Bytes that are mostly text.

use core::fmt;

use serde::{Serialize, Serializer};
use serde_json::json;

/// The bytes of a header value, a path or a body. In JSON a string if they are printable ASCII, else
/// `{"hex": "..."}`.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderValue(pub Vec<u8>);

impl HeaderValue {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// One character per byte.
    pub fn to_latin1(&self) -> String {
        self.0.iter().copied().map(char::from).collect()
    }

    fn is_plain(&self) -> bool {
        self.0.iter().all(|byte| matches!(byte, b' '..=b'~'))
    }
}

impl Serialize for HeaderValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_plain() {
            return serializer.serialize_str(&self.to_latin1());
        }
        let hex = self.0.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        json!({ "hex": hex }).serialize(serializer)
    }
}

impl fmt::Debug for HeaderValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.to_latin1())
    }
}
