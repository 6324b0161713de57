//! Status lists as an issuer would sign them, and as others would.

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_tests::minting::merge;
use serde_json::{Value, json};

use super::edge::{NOW, mint};

/// Where the edge looks for it, which is also its name.
pub(crate) const URI: &str = "http://issuer/status-list";

/// A list that names the revoked tokens one by one; `change` is merged over it as `minting` describes a token.
pub(crate) fn list(seconds: u64, sequence: u64, revoked: &[&str], change: &Value) -> String {
    let revoked: Vec<Value> = revoked.iter().map(|name| json!([name, NOW + 3_600])).collect();
    let mut description = json!({
        "header": { "typ": "statuslist+jwt" },
        "claims": {
            "sub": URI,
            "iat": NOW + seconds,
            "exp": null,
            "status_list": { "bits": 1, "lst": packed(&[0; 16]) },
            "sequence": sequence,
            "changed_at": (NOW + seconds) * 1_000,
            "revoked_tokens": revoked,
        },
    });
    merge(&mut description, change);
    mint(description)
}

/// Bits as they stand in a list: zlib (RFC 1950), here in stored blocks (RFC 1951 s3.2.4), and base64url.
pub(crate) fn packed(bits: &[u8]) -> String {
    let mut bytes = vec![0x78, 0x01];
    let blocks = bits.chunks(0xFFFF);
    let last = blocks.len() - 1;
    for (number, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        bytes.push(u8::from(number == last));
        bytes.extend(length.to_le_bytes());
        bytes.extend((!length).to_le_bytes());
        bytes.extend(block);
    }
    bytes.extend(adler(bits).to_be_bytes());
    Base64UrlUnpadded::encode_string(&bytes)
}

fn adler(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    high << 16 | low
}
