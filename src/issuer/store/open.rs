//! Opening the database: recognise it before touching it, refuse what is not ours or not whole.

use core::time::Duration;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use sqlx::ConnectOptions;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};

use super::migrations::{self, MIGRATIONS};
use super::{Identity, Store, StoreError};
use crate::master_key::MasterKey;

/// `EDLT` in the header of the file: what tells our databases from those of others.
const APPLICATION_ID: i64 = 0x4544_4C54;

/// How long to wait for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const CHECK_SETTING: &str = "master_key_check";

impl Store {
    /// Makes an empty file, readable by its owner only, which no other program has made.
    pub(crate) fn reserve(file: &Path) -> Result<(), StoreError> {
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        made.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => StoreError::Exists(file.to_owned()),
            _ => StoreError::Failed { file: file.to_owned(), problem: error.to_string() },
        })?;
        Ok(())
    }

    /// Makes a new database in a reserved file, bound to the master key.
    pub(crate) async fn create(file: &Path, master_key: &MasterKey) -> Result<Self, StoreError> {
        let mut store = Self::connect(file).await?;
        // Readers and one writer do not block each other; the log inherits the mode of the file.
        store.pragma("PRAGMA journal_mode = WAL").await?;
        store.pragma("PRAGMA application_id = 1162103892").await?;
        store.migrate().await?;
        store.write_setting(CHECK_SETTING, &master_key.check_value()).await?;
        Ok(store)
    }

    /// Opens an existing database and checks it. Writes nothing.
    pub(crate) async fn open(file: &Path, master_key: &MasterKey) -> Result<Self, StoreError> {
        if !file.exists() {
            return Err(StoreError::Missing(file.to_owned()));
        }
        let mut store = Self::connect(file).await?;
        store.check_identity().await?;
        store.check_whole().await?;
        store.check_version().await?;
        store.check_master_key(master_key).await?;
        Ok(store)
    }

    async fn connect(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            // An acknowledged `client disable` must survive a power cut.
            .synchronous(SqliteSynchronous::Full);
        // Before the connection: a file that is moved here meanwhile is then taken for a new one.
        let identity = Identity::of(file);
        let connection =
            options.connect().await.map_err(|error| StoreError::from_sqlx(file, &error))?;
        Ok(Self { connection, file: file.to_owned(), identity })
    }

    /// For a connection that must not keep others waiting: a lock that is held is an error soon.
    pub(crate) async fn be_impatient(&mut self) -> Result<(), StoreError> {
        self.pragma("PRAGMA busy_timeout = 200").await
    }

    async fn check_identity(&mut self) -> Result<(), StoreError> {
        match self.number("PRAGMA application_id").await? {
            APPLICATION_ID => Ok(()),
            _ => Err(StoreError::Foreign(self.file.clone())),
        }
    }

    async fn check_whole(&mut self) -> Result<(), StoreError> {
        let verdict: Result<String, _> =
            sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut self.connection).await;
        match verdict.map_err(|error| StoreError::from_sqlx(&self.file, &error))?.as_str() {
            "ok" => Ok(()),
            _ => Err(StoreError::Corrupt(self.file.clone())),
        }
    }

    /// A newer release may have given columns a meaning that this one would ignore.
    async fn check_version(&mut self) -> Result<(), StoreError> {
        let version = self.number("SELECT max(version) FROM _sqlx_migrations").await?;
        if version > migrations::newest() {
            return Err(StoreError::Newer { file: self.file.clone(), version });
        }
        Ok(())
    }

    /// For a database that takes the place of another one while the issuer runs.
    pub(crate) async fn check_current(&mut self) -> Result<(), StoreError> {
        let version = self.number("SELECT max(version) FROM _sqlx_migrations").await?;
        if version < migrations::newest() {
            return Err(StoreError::Older { file: self.file.clone(), version });
        }
        Ok(())
    }

    async fn check_master_key(&mut self, master_key: &MasterKey) -> Result<(), StoreError> {
        let stored: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT value FROM setting WHERE name = ?")
                .bind(CHECK_SETTING)
                .fetch_optional(&mut self.connection)
                .await
                .map_err(|error| StoreError::from_sqlx(&self.file, &error))?;
        match stored {
            Some(value) if value == master_key.check_value() => Ok(()),
            Some(_) => Err(StoreError::WrongMasterKey {
                file: self.file.clone(),
                place: master_key.place().to_owned(),
            }),
            None => Err(StoreError::Corrupt(self.file.clone())),
        }
    }

    /// Brings the schema up to date.
    pub(crate) async fn migrate(&mut self) -> Result<(), StoreError> {
        MIGRATIONS.run(&mut self.connection).await.map_err(|error| match error {
            MigrateError::VersionMissing(version) => {
                StoreError::Newer { file: self.file.clone(), version }
            }
            MigrateError::Execute(error) => StoreError::from_sqlx(&self.file, &error),
            other => StoreError::Failed { file: self.file.clone(), problem: other.to_string() },
        })
    }

    async fn write_setting(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO setting (name, value) VALUES (?, ?)")
            .bind(name)
            .bind(value)
            .execute(&mut self.connection)
            .await
            .map_err(|error| StoreError::from_sqlx(&self.file, &error))?;
        Ok(())
    }

    async fn number(&mut self, question: &'static str) -> Result<i64, StoreError> {
        sqlx::query_scalar(question)
            .fetch_one(&mut self.connection)
            .await
            .map_err(|error| StoreError::from_sqlx(&self.file, &error))
    }

    async fn pragma(&mut self, statement: &'static str) -> Result<(), StoreError> {
        sqlx::query(statement)
            .execute(&mut self.connection)
            .await
            .map_err(|error| StoreError::from_sqlx(&self.file, &error))?;
        Ok(())
    }
}
