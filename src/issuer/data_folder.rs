//! The folder of one issuer: `issuer.yaml`, `edgelatch.db`, and usually `master.key`.

mod create;

use std::path::{Path, PathBuf};

use crate::config::{Config, ConfigError};

pub use self::create::{Created, NewIssuer, TlsPaths, create};

/// Where the files of an issuer are.
#[derive(Debug, Clone)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// The folder at a path, whether it exists or not.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The configuration.
    pub fn config_file(&self) -> PathBuf {
        self.0.join("issuer.yaml")
    }

    /// The database.
    pub fn database_file(&self) -> PathBuf {
        self.0.join("edgelatch.db")
    }

    /// A path of the configuration, which is relative to the folder unless it is absolute.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.0.join(path)
    }

    /// Reads the configuration.
    pub fn config(&self) -> Result<Config, ConfigError> {
        Config::load(&self.config_file())
    }
}
