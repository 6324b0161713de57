//! Changes by operators: each is one transaction, leaves a record, and takes dead tokens along.

use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use super::{Store, StoreError, status, time_from_sql, time_to_sql};

/// A change of a client as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientChange {
    /// Milliseconds since the Unix epoch.
    pub changed_at_milliseconds: u64,
    /// Whose.
    pub client_id: String,
    /// What happened, such as `disabled`.
    pub change: String,
    /// The secret, or the scopes and resources that it is about; never a secret itself.
    pub detail: String,
}

/// What a change does to tokens that are out there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tokens {
    /// They live on.
    Keep,
    /// All of the client die; later ones get new places.
    Kill,
}

/// A change on its way into the database.
pub(super) struct Change<'a> {
    pub(super) client_id: &'a str,
    pub(super) name: &'static str,
    pub(super) detail: &'a str,
    pub(super) tokens: Tokens,
}

/// Why a change is rolled back.
pub(super) enum Fault {
    /// A rule of ours.
    Rule(StoreError),
    Sql(sqlx::Error),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl Fault {
    pub(super) fn unknown(client_id: &str) -> Self {
        Self::Rule(StoreError::ClientUnknown(client_id.to_owned()))
    }
}

impl Store {
    pub(super) fn refuse(&self, fault: Fault) -> StoreError {
        match fault {
            Fault::Rule(error) => error,
            Fault::Sql(error) => StoreError::from_sqlx(&self.file, &error),
        }
    }

    /// The recorded changes, oldest first; of one client if it is named.
    pub(crate) async fn changes(
        &mut self,
        client_id: Option<&str>,
    ) -> Result<Vec<ClientChange>, StoreError> {
        let rows: Result<Vec<(i64, String, String, String)>, _> = sqlx::query_as(
            "SELECT changed_at, client_id, change, detail FROM client_change \
             WHERE ?1 IS NULL OR client_id = ?1 ORDER BY change_number",
        )
        .bind(client_id)
        .fetch_all(&mut self.connection)
        .await;
        let rows = rows.map_err(|error| StoreError::from_sqlx(&self.file, &error))?;
        Ok(rows.into_iter().map(recorded).collect())
    }
}

/// Notes the change in the same transaction, and settles what becomes of the tokens.
/// `now` is in milliseconds.
pub(super) async fn settle(
    transaction: &mut SqliteConnection,
    change: &Change<'_>,
    now: u64,
) -> Result<(), Fault> {
    sqlx::query("UPDATE client SET changed_at = ? WHERE client_id = ?")
        .bind(time_to_sql(now / 1000))
        .bind(change.client_id)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO client_change (changed_at, client_id, change, detail) VALUES (?, ?, ?, ?)",
    )
    .bind(time_to_sql(now))
    .bind(change.client_id)
    .bind(change.name)
    .bind(change.detail)
    .execute(&mut *transaction)
    .await?;
    if change.tokens == Tokens::Kill {
        status::invalidate_client(transaction, change.client_id, now).await?;
    }
    status::fill(transaction, change.client_id, now).await
}

fn recorded(
    (changed_at, client_id, change, detail): (i64, String, String, String),
) -> ClientChange {
    ClientChange { changed_at_milliseconds: time_from_sql(changed_at), client_id, change, detail }
}
