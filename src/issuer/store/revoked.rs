//! Rows of single tokens that were revoked (RFC 7009): durable first, answered then.

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::change::Fault;
use super::{Store, StoreError, status, time_from_sql, time_to_sql};
use crate::status::{MAX_REVOKED_TOKENS, REVOCATION_GRACE, RevokedToken};

/// A token that its client gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revocation {
    pub(crate) token: RevokedToken,
    pub(crate) client_id: String,
}

impl Store {
    /// Revokes tokens, all of them durably or none. One that was revoked before stays so.
    /// `now` is in milliseconds.
    pub(crate) async fn revoke_tokens(
        &mut self,
        revocations: &[Revocation],
        now: u64,
    ) -> Result<(), StoreError> {
        match revoke(&mut self.connection, revocations, now).await {
            Ok(()) => Ok(()),
            Err(fault) => Err(self.refuse(fault)),
        }
    }
}

async fn revoke(
    connection: &mut SqliteConnection,
    revocations: &[Revocation],
    now: u64,
) -> Result<(), Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    // An entry lives as long as an edge with a slow clock may take the token.
    sqlx::query("DELETE FROM revoked_token WHERE expires_at + ? <= ?")
        .bind(time_to_sql(REVOCATION_GRACE))
        .bind(time_to_sql(now / 1000))
        .execute(&mut *transaction)
        .await?;
    let mut added = 0;
    for revocation in revocations {
        added += insert(&mut transaction, revocation, now).await?;
    }
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM revoked_token")
        .fetch_one(&mut *transaction)
        .await?;
    if added > 0 && time_from_sql(count) > MAX_REVOKED_TOKENS {
        return Err(Fault::Rule(StoreError::RevokedTokensFull));
    }
    status::advance_if(&mut transaction, added, now).await?;
    Ok(transaction.commit().await?)
}

async fn insert(
    transaction: &mut SqliteConnection,
    revocation: &Revocation,
    now: u64,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO revoked_token (token_id, client_id, expires_at, revoked_at) \
         VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(&revocation.token.token_id)
    .bind(&revocation.client_id)
    .bind(time_to_sql(revocation.token.expires_at))
    .bind(time_to_sql(now))
    .execute(transaction)
    .await?;
    Ok(done.rows_affected())
}

/// All that are still kept, oldest expiry first.
pub(super) async fn all(
    connection: &mut SqliteConnection,
) -> Result<Vec<RevokedToken>, sqlx::Error> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT token_id, expires_at FROM revoked_token ORDER BY expires_at, token_id",
    )
    .fetch_all(connection)
    .await?;
    let token =
        |(token_id, expires_at)| RevokedToken { token_id, expires_at: time_from_sql(expires_at) };
    Ok(rows.into_iter().map(token).collect())
}
