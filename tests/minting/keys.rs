//! The fixed keys of the corpus, by name.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value};

use super::MintError;

/// Members of a JWK that only its owner may know (RFC 7518 s6.2.2, s6.3.2; RFC 8037 s2).
const PRIVATE_MEMBERS: [&str; 6] = ["d", "p", "q", "dp", "dq", "qi"];

/// All keys of `corpus/keys`, by `kid`.
#[derive(Debug)]
pub struct Keys(BTreeMap<String, Map<String, Value>>);

impl Keys {
    /// Reads the keys compiled into this crate.
    pub fn load() -> Result<Self, MintError> {
        let mut keys = BTreeMap::new();
        for text in [
            include_str!("../corpus/keys/signing.json"),
            include_str!("../corpus/keys/judged.json"),
        ] {
            let file: Value =
                serde_json::from_str(text).map_err(|error| MintError::new(error.to_string()))?;
            let published = file.get("keys").and_then(Value::as_array);
            for key in published.into_iter().flatten().filter_map(Value::as_object) {
                let name = key.get("kid").and_then(Value::as_str).unwrap_or_default();
                keys.insert(name.to_owned(), key.clone());
            }
        }
        Ok(Self(keys))
    }

    /// The public JWK called `name`, as an issuer would publish it.
    pub fn public(&self, name: &str) -> Result<Map<String, Value>, MintError> {
        let mut key = self.find(name)?.clone();
        key.retain(|member, _| !PRIVATE_MEMBERS.contains(&member.as_str()));
        Ok(key)
    }

    /// One text member of the key called `name`.
    pub fn member(&self, name: &str, member: &str) -> Result<&str, MintError> {
        let key = self.find(name)?;
        let missing = || MintError::new(format!("key {name} has no member {member}"));
        key.get(member).and_then(Value::as_str).ok_or_else(missing)
    }

    /// One member of the key called `name` that holds base64url bytes.
    pub fn bytes(&self, name: &str, member: &str) -> Result<Vec<u8>, MintError> {
        let text = self.member(name, member)?;
        Base64UrlUnpadded::decode_vec(text)
            .map_err(|_| MintError::new(format!("member {member} of key {name} is not base64url")))
    }

    fn find(&self, name: &str) -> Result<&Map<String, Value>, MintError> {
        self.0.get(name).ok_or_else(|| MintError::new(format!("no key is called {name}")))
    }
}
