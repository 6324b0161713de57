//! What an attacker makes out of an honest token.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};

/// More scopes, under the old signature.
pub(crate) fn with_more_scopes(token: &str) -> String {
    let [header, claims, signature] = split(token);
    let claims = edit(claims, "scope", json!("orders:read orders:write"));
    [header, &claims, signature].join(".")
}

/// No signature, and a header that says so.
pub(crate) fn with_algorithm_none(token: &str) -> String {
    let [header, claims, _] = split(token);
    [&edit(header, "alg", json!("none")), claims, ""].join(".")
}

/// The name of a key that the issuer never had.
pub(crate) fn with_unknown_key(token: &str) -> String {
    let [header, claims, signature] = split(token);
    [&edit(header, "kid", json!("stolen-key")), claims, signature].join(".")
}

fn split(token: &str) -> [&str; 3] {
    let mut parts = token.split('.');
    core::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// One segment with one member replaced. What cannot be read stays as it is, and the row that uses it fails.
fn edit(segment: &str, member: &str, value: Value) -> String {
    let bytes = Base64UrlUnpadded::decode_vec(segment).unwrap_or_default();
    let Ok(Value::Object(mut object)) = serde_json::from_slice(&bytes) else {
        return segment.to_owned();
    };
    object.insert(member.to_owned(), value);
    Base64UrlUnpadded::encode_string(Value::Object(object).to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_one_segment_only() {
        let token = ["e30", "e30", "c2ln"].join("."); // {}.{}.sig
        assert_eq!(with_unknown_key(&token), "eyJraWQiOiJzdG9sZW4ta2V5In0.e30.c2ln");
        assert_eq!(with_algorithm_none(&token), "eyJhbGciOiJub25lIn0.e30.");
        assert!(with_more_scopes(&token).starts_with("e30.eyJ"));
    }
}
