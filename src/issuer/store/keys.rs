//! Rows of signing keys.

use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use super::{Store, StoreError, time_from_sql, time_to_sql};
use crate::signing::SigningAlgorithm;

/// The life of a signing key. It is published while it is announced, active or retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Published so that validators learn it, not yet signing.
    Announced,
    /// The one that signs.
    Active,
    /// Signs no more; published until its last token has expired.
    Retired,
    /// No longer published.
    Removed,
    /// Compromised: withdrawn at once.
    Tainted,
}

impl KeyState {
    const ALL: [Self; 5] =
        [Self::Announced, Self::Active, Self::Retired, Self::Removed, Self::Tainted];

    /// The word in the database and in the output of `edgelatch key list`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Removed => "removed",
            Self::Tainted => "tainted",
        }
    }

    /// Whether validators may see the key.
    pub(crate) fn is_published(self) -> bool {
        matches!(self, Self::Announced | Self::Active | Self::Retired)
    }
}

/// A signing key as stored: sealed. Its public half is not stored at all.
#[derive(Debug, Clone, Serialize)]
pub struct KeyRecord {
    /// The `kid`: thumbprint of the public key (RFC 7638).
    pub key_id: String,
    /// How it signs.
    pub algorithm: SigningAlgorithm,
    /// Where in its life it is.
    pub state: KeyState,
    /// Seconds since the Unix epoch.
    pub created_at: u64,
    /// When it began to sign.
    pub activated_at: Option<u64>,
    #[serde(skip)]
    pub(crate) sealed_private_key: Vec<u8>,
}

type KeyRow = (String, String, String, Vec<u8>, i64, Option<i64>);

impl Store {
    /// Adds a key that was just made.
    pub(crate) async fn add_key(&mut self, key: &KeyRecord) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO signing_key (key_id, algorithm, state, sealed_private_key, \
             created_at, activated_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&key.key_id)
        .bind(key.algorithm.name())
        .bind(key.state.name())
        .bind(&key.sealed_private_key)
        .bind(time_to_sql(key.created_at))
        .bind(key.activated_at.map(time_to_sql))
        .execute(&mut self.connection)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.file, &error))?;
        Ok(())
    }
}

/// All keys, oldest first.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<KeyRecord>, sqlx::Error> {
    let rows: Vec<KeyRow> = sqlx::query_as(
        "SELECT key_id, algorithm, state, sealed_private_key, created_at, \
         activated_at FROM signing_key ORDER BY created_at, key_id",
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(record).collect()
}

fn record(row: KeyRow) -> Result<KeyRecord, sqlx::Error> {
    let (key_id, algorithm, state, sealed_private_key, created_at, activated_at) = row;
    let unknown = |column: &str| sqlx::Error::ColumnNotFound(column.to_owned());
    Ok(KeyRecord {
        key_id,
        algorithm: SigningAlgorithm::parse(&algorithm).ok_or_else(|| unknown("algorithm"))?,
        state: KeyState::ALL
            .into_iter()
            .find(|known| known.name() == state)
            .ok_or_else(|| unknown("state"))?,
        created_at: time_from_sql(created_at),
        activated_at: activated_at.map(time_from_sql),
        sealed_private_key,
    })
}
