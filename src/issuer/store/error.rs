//! What can go wrong with the database, in the words of an operator.

use core::fmt;
use std::path::{Path, PathBuf};

use crate::status::{MAX_ENTRIES, MAX_REVOKED_TOKENS};

/// Why the database cannot be used. Each message says what, where and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// Another process is writing.
    Busy(PathBuf),
    /// A client of this id exists.
    ClientExists(String),
    /// There is no client of this id; the text comes from the operator.
    ClientUnknown(String),
    /// Truncated or damaged.
    Corrupt(PathBuf),
    /// `init` found something in its way.
    Exists(PathBuf),
    /// Any other failure: full disk, lost mount.
    Failed {
        /// The database file.
        file: PathBuf,
        /// The words of SQLite.
        problem: String,
    },
    /// Some other file, or the database of another program.
    Foreign(PathBuf),
    /// No such file.
    Missing(PathBuf),
    /// Made by a newer release.
    Newer {
        /// The database file.
        file: PathBuf,
        /// Its schema version.
        version: i64,
    },
    /// Made by an older release, and put in place while the issuer runs.
    Older {
        /// The database file.
        file: PathBuf,
        /// Its schema version.
        version: i64,
    },
    /// So many tokens are revoked one by one that edges would not take the list.
    RevokedTokensFull,
    /// A restored backup: it does not know what was taken away since it was made.
    RolledBack {
        /// The database file.
        file: PathBuf,
        /// The sequence of its status list.
        found: u64,
        /// The sequence that was published.
        published: u64,
    },
    /// The client has no secret of this id; the texts come from the operator.
    SecretUnknown {
        /// Which client.
        client_id: String,
        /// Which secret.
        secret_id: String,
    },
    /// No place is left in the status list.
    StatusListFull,
    /// Sealed under another master key.
    WrongMasterKey {
        /// The database file.
        file: PathBuf,
        /// Where the wrong key comes from.
        place: String,
    },
}

impl StoreError {
    /// Sorts the errors of SQLite by what the operator can do about them.
    pub(super) fn from_sqlx(file: &Path, error: &sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<u32>().ok())
            // The low byte is the primary result code; the rest only adds detail.
            .map(|code| code & 0xFF);
        let file = file.to_owned();
        match code {
            Some(5 | 6) => Self::Busy(file), // SQLITE_BUSY, SQLITE_LOCKED
            Some(11) => Self::Corrupt(file), // SQLITE_CORRUPT
            Some(26) => Self::Foreign(file), // SQLITE_NOTADB
            _ => Self::Failed { file, problem: first_line(&error.to_string()) },
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(file) => write!(
                formatter,
                "database is in use: another process is writing to {}; try again",
                file.display()
            ),
            Self::ClientExists(id) => write!(
                formatter,
                "client exists already: {}; choose another --client-id",
                id.escape_debug()
            ),
            Self::ClientUnknown(id) => write!(
                formatter,
                "no such client: {}; 'edgelatch client list' names all",
                id.escape_debug()
            ),
            Self::Corrupt(file) => write!(
                formatter,
                "database is damaged: {}; restore it from a backup",
                file.display()
            ),
            Self::Exists(file) => write!(
                formatter,
                "there is an issuer already: {}; choose another folder with --data",
                file.display()
            ),
            Self::Failed { file, problem } => write!(
                formatter,
                "database cannot be used: {} ({problem}); check disk space, owner and mode",
                file.display()
            ),
            Self::Foreign(file) => write!(
                formatter,
                "not a database of edgelatch: {}; restore the right file or name another folder \
                 with --data",
                file.display()
            ),
            Self::Missing(file) => write!(
                formatter,
                "database is missing: {}; restore it, or make a new issuer with 'edgelatch init'",
                file.display()
            ),
            Self::Newer { file, version } => write!(
                formatter,
                "database was made by a newer edgelatch: {} has schema {version}; use that release",
                file.display()
            ),
            Self::Older { file, version } => write!(
                formatter,
                "database was made by an older edgelatch: {} has schema {version}; restart the \
                 issuer, which brings it up to date",
                file.display()
            ),
            Self::RevokedTokensFull => write!(
                formatter,
                "too many tokens are revoked one by one: {MAX_REVOKED_TOKENS}; take the rights of \
                 the client away with 'edgelatch client revoke-tokens', or wait until some expire"
            ),
            Self::RolledBack { file, found, published } => write!(
                formatter,
                "database is older than the status list that edges hold: {} has sequence {found}, \
                 published is {published}; clients and secrets taken away since this backup would \
                 come back; restore a newer one",
                file.display()
            ),
            Self::SecretUnknown { client_id, secret_id } => write!(
                formatter,
                "no such secret: {} of client {}; 'edgelatch client secret list' names all",
                secret_id.escape_debug(),
                client_id.escape_debug()
            ),
            Self::StatusListFull => write!(
                formatter,
                "no place is left in the status list: {MAX_ENTRIES} secrets and changes of rights \
                 are its limit; make a new issuer with 'edgelatch init'"
            ),
            Self::WrongMasterKey { file, place } => write!(
                formatter,
                "wrong master key for this database: {} does not belong to the key of {place}; \
                 restore the key that 'edgelatch init' made",
                file.display()
            ),
        }
    }
}

impl core::error::Error for StoreError {}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
