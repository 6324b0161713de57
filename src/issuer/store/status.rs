//! Rows of the status list: a place per client, secret and epoch; never one per token.

use sqlx::sqlite::SqliteConnection;

use super::change::Fault;
use super::{StoreError, revoked, time_from_sql, time_to_sql};
use crate::status::{MAX_ENTRIES, RevokedToken};

/// What the status list says, read with the clients as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StatusRecord {
    /// Grows by one with every change that takes access away.
    pub(crate) sequence: u64,
    /// Milliseconds since the Unix epoch.
    pub(crate) changed_at: u64,
    /// The highest index that was ever given; 0 for none.
    pub(crate) highest_index: u64,
    /// Indices whose tokens are dead, ascending.
    pub(crate) invalid: Vec<u64>,
    pub(crate) revoked_tokens: Vec<RevokedToken>,
}

pub(super) async fn read(connection: &mut SqliteConnection) -> Result<StatusRecord, sqlx::Error> {
    let (sequence, changed_at): (i64, i64) =
        sqlx::query_as("SELECT sequence, changed_at FROM status_list")
            .fetch_one(&mut *connection)
            .await?;
    let invalid: Vec<i64> = sqlx::query_scalar(
        "SELECT status_index FROM status_entry WHERE invalid_at IS NOT NULL ORDER BY status_index",
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(StatusRecord {
        sequence: time_from_sql(sequence),
        changed_at: time_from_sql(changed_at),
        highest_index: highest_index(connection).await?,
        invalid: invalid.into_iter().map(time_from_sql).collect(),
        revoked_tokens: revoked::all(connection).await?,
    })
}

/// Gives a place to each secret of an enabled client that has none.
pub(super) async fn fill(
    transaction: &mut SqliteConnection,
    client_id: &str,
    now: u64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO status_entry (client_id, secret_id, created_at) \
         SELECT client_id, secret_id, ? FROM client_secret JOIN client USING (client_id) \
         WHERE client_id = ? AND enabled = 1 AND secret_id NOT IN \
         (SELECT secret_id FROM status_entry WHERE client_id = client.client_id \
         AND invalid_at IS NULL) ORDER BY client_secret.created_at, secret_id",
    )
    .bind(time_to_sql(now))
    .bind(client_id)
    .execute(&mut *transaction)
    .await?;
    if highest_index(transaction).await? >= MAX_ENTRIES {
        return Err(Fault::Rule(StoreError::StatusListFull));
    }
    Ok(())
}

/// All tokens of a client are dead from now on.
pub(super) async fn invalidate_client(
    transaction: &mut SqliteConnection,
    client_id: &str,
    now: u64,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "UPDATE status_entry SET invalid_at = ? WHERE client_id = ? AND invalid_at IS NULL",
    )
    .bind(time_to_sql(now))
    .bind(client_id)
    .execute(&mut *transaction)
    .await?;
    advance_if(transaction, done.rows_affected(), now).await
}

/// All tokens that were got with one secret are dead from now on.
pub(super) async fn invalidate_secret(
    transaction: &mut SqliteConnection,
    secret_id: &str,
    now: u64,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "UPDATE status_entry SET invalid_at = ? WHERE secret_id = ? AND invalid_at IS NULL",
    )
    .bind(time_to_sql(now))
    .bind(secret_id)
    .execute(&mut *transaction)
    .await?;
    advance_if(transaction, done.rows_affected(), now).await
}

/// Numbers the change, in the transaction that makes it.
pub(super) async fn advance_if(
    transaction: &mut SqliteConnection,
    changes: u64,
    now: u64,
) -> Result<(), Fault> {
    if changes == 0 {
        return Ok(());
    }
    sqlx::query("UPDATE status_list SET sequence = sequence + 1, changed_at = max(changed_at, ?)")
        .bind(time_to_sql(now))
        .execute(transaction)
        .await?;
    Ok(())
}

async fn highest_index(connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let highest: Option<i64> = sqlx::query_scalar("SELECT max(status_index) FROM status_entry")
        .fetch_one(connection)
        .await?;
    Ok(highest.map_or(0, time_from_sql))
}
