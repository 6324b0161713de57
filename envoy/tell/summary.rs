//! A decision as one line of JSON.

use super::Outcome;
use edgelatch_core::Facts;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write;

/// The members of a summary. All values were vouched for: by the program, the policy, or the issuer's
/// signature.
type Members<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// What there is to say of a decision.
pub(super) fn members<'a>(
    outcome: Outcome,
    reason: Option<&'a str>,
    facts: &'a Facts,
) -> Members<'a> {
    let all = [
        ("outcome", Some(Cow::Borrowed(outcome.name()))),
        ("reason", reason.map(Cow::Borrowed)),
        ("route", facts.route.as_deref().map(Cow::Borrowed)),
        ("client_id", facts.client_id.as_deref().map(Cow::Borrowed)),
        ("issuer", facts.issuer.as_deref().map(Cow::Borrowed)),
        ("jti_hash", facts.token_id.as_deref().map(|id| Cow::Owned(hash(id)))),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// A JSON object.
pub(super) fn write(members: &Members<'_>) -> String {
    let mut text = String::with_capacity(LENGTH);
    let mut before = '{';
    for (name, value) in members {
        text.extend([before, '"']);
        text.push_str(name);
        text.push_str("\":\"");
        push_escaped(&mut text, value);
        text.push('"');
        before = ',';
    }
    text.push('}');
    text
}

/// The first half of SHA-256 in hexadecimal: finds the token in the issuer's audit, which has its `jti`, and
/// tells nobody else what that is.
fn hash(token_id: &str) -> String {
    let mut text = String::with_capacity(HASH_BYTES * 2);
    for byte in Sha256::digest(token_id).iter().take(HASH_BYTES) {
        for digit in [byte >> 4, byte & 0xF] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text
}

fn push_escaped(text: &mut String, value: &str) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if value.bytes().all(is_plain) {
        return text.push_str(value);
    }
    for letter in value.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            '\0'..' ' => {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{:04x}", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
}

const HASH_BYTES: usize = 16;

/// Of most summaries.
const LENGTH: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use edgelatch_core::RouteName;
    use serde_json::Value;

    fn facts() -> Facts {
        Facts {
            route: Some(RouteName::new("read-order", 0)),
            issuer: Some("https://issuer.example.com".into()),
            client_id: Some("bill\"ing\\ \u{1}\u{fc}".into()),
            token_id: Some("token-1".into()),
            ..Facts::default()
        }
    }

    #[test]
    fn says_what_is_known_and_nothing_else() {
        let facts = facts();
        let text = write(&members(Outcome::Denied, Some("clm.exp"), &facts));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value,
            serde_json::json!({
                "outcome": "denied",
                "reason": "clm.exp",
                "route": "read-order",
                "client_id": "bill\"ing\\ \u{1}\u{fc}",
                "issuer": "https://issuer.example.com",
                "jti_hash": "3f08aace122ee2368432c1ca23a049bc",
            })
        );
        let nothing = Facts::default();
        let text = write(&members(Outcome::Allowed, None, &nothing));
        assert_eq!(text, r#"{"outcome":"allowed"}"#);
    }
}
