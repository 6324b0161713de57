//! The policies of the corpus: a few by name, others as changes of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::CorpusError;
use super::patch::Operation;
use crate::minting::{Keys, Text, merge};

/// The policy of a case.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum PolicySource {
    /// One of `policies.json`.
    Named(String),
    /// One of them, changed.
    Changed(Changed),
    /// The text itself; `$members` is the policy `standard` without its braces.
    Text { text: Text },
}

/// A named policy and what is different.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changed {
    #[serde(default = "standard")]
    base: String,
    patch: Vec<Operation>,
}

impl Default for PolicySource {
    fn default() -> Self {
        Self::Named(standard())
    }
}

/// The named policies and the keys they mention.
#[derive(Debug)]
pub(super) struct Policies<'a> {
    named: BTreeMap<String, Value>,
    keys: &'a Keys,
}

impl<'a> Policies<'a> {
    /// Reads `policies.json`.
    pub(super) fn load(keys: &'a Keys) -> Result<Self, CorpusError> {
        let named =
            serde_json::from_str(include_str!("policies.json")).map_err(CorpusError::new)?;
        Ok(Self { named, keys })
    }

    /// The JSON text of a policy.
    pub(super) fn text(&self, source: &PolicySource) -> Result<Vec<u8>, CorpusError> {
        match source {
            PolicySource::Named(name) => self.resolve(self.named(name)?.clone()),
            PolicySource::Changed(Changed { base, patch }) => {
                let mut policy = self.named(base)?.clone();
                for operation in patch {
                    operation.apply(&mut policy)?;
                }
                self.resolve(policy)
            }
            PolicySource::Text { text } => {
                let usual = self.resolve(self.named(&standard())?.clone())?;
                let members = usual.get(1..usual.len().saturating_sub(1)).unwrap_or_default();
                text.expand(&[("members", members)]).map_err(CorpusError::new)
            }
        }
    }

    /// A key set with the keys that it mentions.
    pub(super) fn key_set(&self, mut set: Value) -> Result<Value, CorpusError> {
        self.put_keys(&mut set)?;
        Ok(set)
    }

    fn named(&self, name: &str) -> Result<&Value, CorpusError> {
        self.named.get(name).ok_or_else(|| CorpusError::new(format!("no policy is called {name}")))
    }

    fn resolve(&self, mut policy: Value) -> Result<Vec<u8>, CorpusError> {
        self.put_keys(&mut policy)?;
        Ok(policy.to_string().into_bytes())
    }

    /// Puts the public key in the place of each `{"$key": name}`; members beside it are a merge patch.
    fn put_keys(&self, value: &mut Value) -> Result<(), CorpusError> {
        match value {
            Value::Array(list) => list.iter_mut().try_for_each(|element| self.put_keys(element)),
            Value::Object(members) => match members.remove("$key") {
                None => members.values_mut().try_for_each(|member| self.put_keys(member)),
                Some(name) => {
                    *value = self.key(&name, members)?;
                    Ok(())
                }
            },
            _ => Ok(()),
        }
    }

    fn key(&self, name: &Value, changes: &Map<String, Value>) -> Result<Value, CorpusError> {
        let name = name.as_str().unwrap_or_default();
        let mut key = Value::Object(self.keys.public(name).map_err(CorpusError::new)?);
        merge(&mut key, &Value::Object(changes.clone()));
        Ok(key)
    }
}

fn standard() -> String {
    "standard".to_owned()
}
