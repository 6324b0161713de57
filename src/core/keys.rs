//! Key sets (RFC 7517 s5): what an issuer publishes, loaded as a whole or refused as a whole.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;

use crate::algorithm::Algorithm;
use crate::json::{self, JsonError};
use crate::key::{Jwk, KeyError, VerifyingKey};

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
    /// More than 64 KiB or more than 64 keys.
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
    /// Loads a key set, using the keys for algorithms in `allowed`.
    pub fn load(bytes: &[u8], allowed: &[Algorithm]) -> Result<LoadedKeySet, KeySetError> {
        let published = parse(bytes)?;
        check_key_ids(&published)?;
        let mut loaded = LoadedKeySet { keys: Self::default(), skipped: Vec::new() };
        for (index, jwk) in published.iter().enumerate() {
            match VerifyingKey::load(jwk, allowed) {
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

    /// The usable keys.
    pub fn iter(&self) -> impl Iterator<Item = &VerifyingKey> {
        self.keys.iter().map(AsRef::as_ref)
    }
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Jwk>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Jwk>, KeySetError> {
    if bytes.len() > MAXIMUM_BYTES {
        return Err(KeySetError::TooLarge);
    }
    json::check_object(bytes).map_err(|error| match error {
        JsonError::Duplicate | JsonError::Malformed | JsonError::NotAnObject => {
            KeySetError::NotAKeySet
        }
    })?;
    let published: Published =
        serde_json::from_slice(bytes).map_err(|_| KeySetError::NotAKeySet)?;
    if published.keys.len() > MAXIMUM_KEYS {
        return Err(KeySetError::TooLarge);
    }
    Ok(published.keys)
}

fn check_key_ids(keys: &[Jwk]) -> Result<(), KeySetError> {
    for (index, key) in keys.iter().enumerate() {
        let Some(key_id) = key.key_id() else { continue };
        if keys.iter().take(index).any(|other| other.key_id() == Some(key_id)) {
            return Err(KeySetError::DuplicateKeyId { index });
        }
    }
    Ok(())
}

impl KeySetError {
    /// Stable name for configuration errors and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateKeyId { .. } => "jwks.duplicate",
            Self::Empty => "jwks.empty",
            Self::Exposed { error, .. } | Self::Unusable { error, .. } => key_error_code(*error),
            Self::NotAKeySet => "jwks.invalid",
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

impl fmt::Display for KeySetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateKeyId { index } => {
                write!(formatter, "keys[{index}]: another key has the same `kid`; give each its own")
            }
            Self::Empty => formatter.write_str("no usable key for the algorithms of this issuer"),
            Self::Exposed { index, error } | Self::Unusable { index, error } => {
                write!(formatter, "keys[{index}]: {error}")
            }
            Self::NotAKeySet => formatter.write_str(
                "not a key set: expected one JSON object {\"keys\": [...]} without duplicate members",
            ),
            Self::TooLarge => {
                write!(formatter, "more than {MAXIMUM_BYTES} bytes or {MAXIMUM_KEYS} keys")
            }
        }
    }
}

impl core::error::Error for KeySetError {}

/// Bytes of a key set that are read at all.
const MAXIMUM_BYTES: usize = 64 * 1024;

/// Keys of a set.
const MAXIMUM_KEYS: usize = 64;
