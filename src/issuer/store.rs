//! The embedded database: clients, hashes of their secrets, sealed keys, what was taken away. Never
//! a token, and no row per token: only those that are revoked one by one leave their id.

mod change;
mod clients;
mod edit;
mod error;
mod keys;
mod migrations;
mod open;
mod revoked;
mod status;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

pub use self::change::ClientChange;
pub use self::clients::{Client, NewClient, StoredSecret};
pub use self::edit::Right;
pub(crate) use self::edit::RightsEdit;
pub use self::error::StoreError;
pub use self::keys::{KeyRecord, KeyState};
pub(crate) use self::revoked::Revocation;
pub(crate) use self::status::StatusRecord;

/// One connection to the database of one issuer.
pub(crate) struct Store {
    connection: SqliteConnection,
    file: PathBuf,
    identity: Option<Identity>,
}

/// Which file it is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    fn of(file: &Path) -> Option<Self> {
        let metadata = fs::metadata(file).ok()?;
        Some(Self { device: metadata.dev(), inode: metadata.ino() })
    }
}

/// Everything the token endpoint needs to know, read in one transaction.
#[derive(Clone)]
pub(crate) struct Contents {
    pub(crate) clients: Vec<Client>,
    pub(crate) keys: Vec<KeyRecord>,
    pub(crate) status: StatusRecord,
}

impl Store {
    /// Reads clients, keys and status list as of one moment.
    pub(crate) async fn contents(&mut self) -> Result<Contents, StoreError> {
        let file = self.file.clone();
        let read = async {
            let mut transaction = self.connection.begin().await?;
            let clients = clients::all(&mut transaction).await?;
            let keys = keys::all(&mut transaction).await?;
            let status = status::read(&mut transaction).await?;
            transaction.rollback().await?;
            Ok(Contents { clients, keys, status })
        };
        read.await.map_err(|error| StoreError::from_sqlx(&file, &error))
    }

    /// A number that changes when another connection has changed the database.
    pub(crate) async fn data_version(&mut self) -> Result<i64, StoreError> {
        sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(&mut self.connection)
            .await
            .map_err(|error| StoreError::from_sqlx(&self.file, &error))
    }

    /// Finishes cleanly, which also folds the write-ahead log into the database file.
    pub(crate) async fn close(self) -> Result<(), StoreError> {
        let file = self.file;
        self.connection.close().await.map_err(|error| StoreError::from_sqlx(&file, &error))
    }

    /// The database file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Whether the path still names the file that is open. After `mv` it names another one, and
    /// whoever changes that one would be ignored.
    pub(crate) fn is_current(&self) -> bool {
        self.identity.is_some() && self.identity == Identity::of(&self.file)
    }
}

/// Times are signed in SQL; a negative one cannot be written and reads as the epoch.
fn time_from_sql(seconds: i64) -> u64 {
    u64::try_from(seconds).unwrap_or(0)
}

fn time_to_sql(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
