//! Key sets (RFC 7517 s5): what an issuer publishes, loaded as a whole or refused as a whole.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::algorithm::Algorithm;
use crate::json::{self, JsonError, Object, Value};
use crate::key::{KeyError, VerifyingKey};

/// The usable keys of one issuer.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<Arc<VerifyingKey>>,
}

/// A loaded key set, and the keys of it that will not be used.
#[derive(Clone, Debug)]
pub struct LoadedKeySet {
    /// The usable keys, at least one.
    pub keys: KeySet,
    /// Positions in `keys` that were passed over, each with the reason.
    pub skipped: Vec<(usize, KeyError)>,
}

/// Why a whole key set is refused. What was good before stays in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySetError {
    /// Two keys share a `kid`: which one verifies would be chance.
    DuplicateKeyId {
        /// Position of the second of them.
        index: usize,
    },
    /// A member occurs twice in one object.
    DuplicateMember,
    /// No key in it can be used.
    Empty,
    /// A key that must not be public is.
    Exposed {
        /// Position of the key.
        index: usize,
        /// [`KeyError::Private`] or [`KeyError::Symmetric`].
        error: KeyError,
    },
    /// Not a JSON object with an array `keys` of objects.
    NotAKeySet,
    /// More than 64 KiB from an issuer, or more than 64 keys.
    TooLarge,
    /// No key is left, and this one should have been.
    Unusable {
        /// Position of the key.
        index: usize,
        /// What is wrong with it.
        error: KeyError,
    },
}

impl KeySet {
    /// Bytes of a fetched key set that are read at all; what stands in the policy is the operator's own.
    pub const MAXIMUM_BYTES: usize = 64 * 1024;

    /// Loads a key set, using the keys for algorithms in `allowed`.
    pub fn load(bytes: &[u8], allowed: &[Algorithm]) -> Result<LoadedKeySet, KeySetError> {
        if bytes.len() > Self::MAXIMUM_BYTES {
            return Err(KeySetError::TooLarge);
        }
        let set = json::parse(bytes).map_err(|error| match error {
            JsonError::Duplicate => KeySetError::DuplicateMember,
            JsonError::Malformed(_)
            | JsonError::NotAnObject
            | JsonError::NotText(_)
            | JsonError::Refused => KeySetError::NotAKeySet,
        })?;
        Self::load_with(&set, allowed, Names::Required)
    }

    /// Loads a key set of the operator's own. Where it is a single key, tokens need not name it, and
    /// it needs no name.
    pub(crate) fn load_pinned(
        set: &Value<'_>,
        allowed: &[Algorithm],
    ) -> Result<LoadedKeySet, KeySetError> {
        let set = set.object().ok_or(KeySetError::NotAKeySet)?;
        Self::load_with(set, allowed, Names::UnlessAlone)
    }

    /// Keys are any JSON: one that is malformed must not take the others along (RFC 7517 s5).
    fn load_with(
        set: &Object<'_>,
        allowed: &[Algorithm],
        names: Names,
    ) -> Result<LoadedKeySet, KeySetError> {
        let published = set.get("keys").and_then(Value::list).ok_or(KeySetError::NotAKeySet)?;
        if published.len() > MAXIMUM_KEYS {
            return Err(KeySetError::TooLarge);
        }
        check_key_ids(published)?;
        let may_lack_name = names == Names::UnlessAlone && published.len() == 1;
        let mut loaded = LoadedKeySet { keys: Self::default(), skipped: Vec::new() };
        for (index, jwk) in published.iter().enumerate() {
            match VerifyingKey::load(jwk, allowed) {
                Ok(key) if key.key_id().is_empty() && !may_lack_name => {
                    loaded.skipped.push((index, KeyError::NoKeyId));
                }
                Ok(key) => loaded.keys.keys.push(Arc::new(key)),
                Err(error @ (KeyError::Private | KeyError::Symmetric)) => {
                    return Err(KeySetError::Exposed { index, error });
                }
                Err(error) => loaded.skipped.push((index, error)),
            }
        }
        if !loaded.keys.keys.is_empty() {
            return Ok(loaded);
        }
        // The reason of a lone broken key says more than that nothing is left.
        let broken = loaded.skipped.iter().find(|(_, error)| *error != KeyError::NotEligible);
        Err(broken.map_or(KeySetError::Empty, |(index, error)| KeySetError::Unusable {
            index: *index,
            error: *error,
        }))
    }

    /// The key of this name, compared byte by byte.
    pub(crate) fn find(&self, key_id: &str) -> Option<&Arc<VerifyingKey>> {
        self.keys.iter().find(|key| key.key_id() == key_id)
    }

    /// Whether this very key is in the set.
    pub(crate) fn holds(&self, key: &Arc<VerifyingKey>) -> bool {
        self.keys.iter().any(|other| Arc::ptr_eq(other, key))
    }

    /// This set, with those keys of an earlier one that are in both: their tables need not be made
    /// again, and who knows one of them finds it here.
    #[must_use]
    pub(crate) fn keeping(mut self, earlier: &Self) -> Self {
        for key in &mut self.keys {
            if let Some(same) = earlier.keys.iter().find(|other| other.is_same(key)) {
                *key = Arc::clone(same);
            }
        }
        self
    }

    /// The key of a set that holds no other.
    pub(crate) fn single(&self) -> Option<&Arc<VerifyingKey>> {
        match self.keys.as_slice() {
            [key] => Some(key),
            _ => None,
        }
    }

    /// The usable keys.
    pub fn iter(&self) -> impl Iterator<Item = &VerifyingKey> {
        self.keys.iter().map(AsRef::as_ref)
    }
}

/// Which keys of a set need a `kid`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Required,
    UnlessAlone,
}

fn check_key_ids(keys: &[Value<'_>]) -> Result<(), KeySetError> {
    for (index, key) in keys.iter().enumerate() {
        let mut earlier = keys.iter().take(index).filter_map(key_id);
        if key_id(key).is_some_and(|name| earlier.any(|other| other == name)) {
            return Err(KeySetError::DuplicateKeyId { index });
        }
    }
    Ok(())
}

fn key_id<'k>(key: &'k Value<'_>) -> Option<&'k str> {
    key.object()?.text("kid")
}

impl KeySetError {
    /// Stable name for configuration errors and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateKeyId { .. } => "jwks.duplicate",
            Self::Empty => "jwks.empty",
            Self::Exposed { error, .. } | Self::Unusable { error, .. } => key_error_code(*error),
            Self::DuplicateMember | Self::NotAKeySet => "jwks.invalid",
            Self::TooLarge => "jwks.size",
        }
    }
}

/// Stable name of the reason why one key is not used.
pub(crate) fn key_error_code(error: KeyError) -> &'static str {
    match error {
        KeyError::Invalid | KeyError::NoKeyId | KeyError::NotEligible => "jwks.invalid",
        KeyError::Private => "jwks.private",
        KeyError::Symmetric => "jwks.symmetric",
        KeyError::Weak => "jwks.weak",
    }
}

impl KeySetError {
    /// Position of the key that it is about, if it is about one.
    pub fn index(&self) -> Option<usize> {
        match self {
            Self::DuplicateKeyId { index }
            | Self::Exposed { index, .. }
            | Self::Unusable { index, .. } => Some(*index),
            Self::DuplicateMember | Self::Empty | Self::NotAKeySet | Self::TooLarge => None,
        }
    }

    /// What is wrong, without the place.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::DuplicateKeyId { .. } => {
                "another key has the same `kid`; give each its own".to_string()
            }
            Self::DuplicateMember => {
                "a member occurs twice in one object of the key set; remove one of the two"
                    .to_string()
            }
            Self::Empty => "no usable key for the algorithms of this issuer".to_string(),
            Self::Exposed { error, .. } | Self::Unusable { error, .. } => error.to_string(),
            Self::NotAKeySet => {
                "not a key set: expected one JSON object {\"keys\": [...]}".to_string()
            }
            Self::TooLarge => {
                format!("more than {} bytes or {MAXIMUM_KEYS} keys", KeySet::MAXIMUM_BYTES)
            }
        }
    }
}

impl fmt::Display for KeySetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(index) = self.index() {
            write!(formatter, "keys[{index}]: ")?;
        }
        formatter.write_str(&self.reason())
    }
}

impl core::error::Error for KeySetError {}

/// Keys of a set.
const MAXIMUM_KEYS: usize = 64;

#[cfg(test)]
mod tests;
