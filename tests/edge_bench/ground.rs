//! What every measurement starts from.

use std::path::Path;

use edgelatch_tests::minting::Keys;
use serde_json::Value;
use tempfile::TempDir;

use super::Failure;
use super::rows::ALL;
use super::tokens::{self, Tokens};

/// Keys, tokens, and a folder for what the started programs write.
pub(crate) struct Ground {
    pub(crate) keys: Keys,
    /// The public keys of all algorithms.
    pub(crate) key_set: Value,
    pub(crate) tokens: Tokens,
    folder: TempDir,
}

impl Ground {
    /// Mints all tokens.
    pub(crate) fn prepare() -> Result<Self, Failure> {
        let keys = Keys::load()?;
        Ok(Self {
            key_set: tokens::key_set(&keys)?,
            tokens: Tokens::mint(ALL, &keys)?,
            keys,
            folder: TempDir::with_prefix("edgelatch-bench-")?,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}
