//! The folder of one issuer: `issuer.yaml`, `edgelatch.db`, and usually `master.key`.

mod config_text;
mod create;
mod lock;
mod traces;

use std::path::{Path, PathBuf};

use crate::config::{Config, ConfigError};
use crate::store::StoreError;

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
        self.check_finished()?;
        Config::load(&self.config_file())
    }

    /// The database and what SQLite keeps beside it.
    fn database_files(&self) -> [PathBuf; 3] {
        ["", "-wal", "-shm"].map(|suffix| self.0.join(format!("edgelatch.db{suffix}")))
    }

    fn check_without_issuer(&self) -> Result<(), StoreError> {
        let config_file = self.config_file();
        if config_file.exists() { Err(StoreError::Exists(config_file)) } else { Ok(()) }
    }

    /// `init` writes the configuration last: a database without one is the trace of a crash, or
    /// the configuration was lost later.
    fn check_finished(&self) -> Result<(), ConfigError> {
        let config_file = self.config_file();
        let remains: Vec<_> =
            self.database_files().into_iter().filter(|file| file.exists()).collect();
        if config_file.exists() || remains.is_empty() {
            return Ok(());
        }
        Err(ConfigError::Unfinished { config_file, remains })
    }
}
