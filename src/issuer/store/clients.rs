//! Rows of clients, their rights and the hashes of their secrets.

use std::collections::HashMap;

use serde::Serialize;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::{Store, StoreError, time_from_sql, time_to_sql};
use crate::secret::SecretHash;

/// A program that may ask for tokens, and what it may have.
#[derive(Debug, Clone, Serialize)]
pub struct Client {
    /// What it is called on the wire.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// A disabled client is answered as if it did not exist.
    pub enabled: bool,
    /// Whether the client credentials grant is open to it.
    #[serde(skip)]
    pub(crate) may_get_tokens: bool,
    /// Seconds between issue and expiry of its tokens.
    pub token_lifetime: u32,
    /// The scopes it may ask for, and gets when it asks for none.
    pub scopes: Vec<String>,
    /// The audiences it may ask for; the default when there is exactly one.
    pub resources: Vec<String>,
    /// Seconds since the Unix epoch.
    pub created_at: u64,
    /// When anything above last changed.
    pub changed_at: u64,
    /// Its secrets, hashed; several while one replaces another.
    pub secrets: Vec<StoredSecret>,
}

/// A secret as stored: it can be checked, never shown.
#[derive(Debug, Clone, Serialize)]
pub struct StoredSecret {
    /// Its public name, part of the secret itself.
    pub secret_id: String,
    #[serde(skip)]
    pub(crate) hash: SecretHash,
    /// Where the status list speaks of its tokens; none while the client is disabled.
    #[serde(skip)]
    pub(crate) status_index: Option<u64>,
    /// Seconds since the Unix epoch.
    pub created_at: u64,
    /// From when it is refused; never if absent.
    pub expires_at: Option<u64>,
    /// When it last opened the door, to about ten seconds.
    pub last_used_at: Option<u64>,
}

/// What an operator says about a new client. Checked by the administration, not here.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// What it is called on the wire; made from the name when absent.
    pub client_id: Option<String>,
    /// What people call it.
    pub name: String,
    /// Seconds between issue and expiry of its tokens.
    pub token_lifetime: u32,
    /// The scopes it may ask for.
    pub scopes: Vec<String>,
    /// The audiences it may ask for.
    pub resources: Vec<String>,
}

type ClientRow = (String, String, bool, bool, u32, i64, i64);
type SecretRow = (String, String, Vec<u8>, i64, Option<i64>, Option<i64>, Option<i64>);

impl Store {
    /// Notes when secrets were last used. A secret that is gone by now is skipped.
    pub(crate) async fn note_use(&mut self, uses: &HashMap<String, u64>) -> Result<(), StoreError> {
        let file = self.file.clone();
        let write = async {
            let mut transaction = self.connection.begin().await?;
            for (secret_id, at) in uses {
                sqlx::query("UPDATE client_secret SET last_used_at = ? WHERE secret_id = ?")
                    .bind(time_to_sql(*at))
                    .bind(secret_id)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        };
        write.await.map_err(|error| StoreError::from_sqlx(&file, &error))
    }
}

/// All clients, by name.
pub(super) async fn all(connection: &mut SqliteConnection) -> Result<Vec<Client>, sqlx::Error> {
    let rows: Vec<ClientRow> = sqlx::query_as(
        "SELECT client_id, name, enabled, may_get_tokens, token_lifetime, created_at, changed_at \
         FROM client ORDER BY name, client_id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut scopes =
        grouped(connection, "SELECT client_id, scope FROM client_scope ORDER BY scope").await?;
    let mut resources =
        grouped(connection, "SELECT client_id, resource FROM client_resource ORDER BY resource")
            .await?;
    let mut secrets = all_secrets(connection).await?;
    let client = |(client_id, name, enabled, may_get_tokens, lifetime, created, changed)| Client {
        scopes: scopes.remove(&client_id).unwrap_or_default(),
        resources: resources.remove(&client_id).unwrap_or_default(),
        secrets: secrets.remove(&client_id).unwrap_or_default(),
        client_id,
        name,
        enabled,
        may_get_tokens,
        token_lifetime: lifetime,
        created_at: time_from_sql(created),
        changed_at: time_from_sql(changed),
    };
    Ok(rows.into_iter().map(client).collect())
}

async fn grouped(
    connection: &mut SqliteConnection,
    question: &'static str,
) -> Result<HashMap<String, Vec<String>>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(question).fetch_all(connection).await?;
    let mut groups: HashMap<String, Vec<String>> = HashMap::new();
    for (client_id, value) in rows {
        groups.entry(client_id).or_default().push(value);
    }
    Ok(groups)
}

async fn all_secrets(
    connection: &mut SqliteConnection,
) -> Result<HashMap<String, Vec<StoredSecret>>, sqlx::Error> {
    let rows: Vec<SecretRow> = sqlx::query_as(
        "SELECT client_secret.secret_id, client_secret.client_id, hash, client_secret.created_at, expires_at, \
         last_used_at, status_index FROM client_secret LEFT JOIN status_entry ON \
         status_entry.secret_id = client_secret.secret_id AND \
         status_entry.client_id = client_secret.client_id AND invalid_at IS NULL \
         ORDER BY client_secret.created_at, client_secret.secret_id",
    )
    .fetch_all(connection)
    .await?;
    let mut groups: HashMap<String, Vec<StoredSecret>> = HashMap::new();
    for (secret_id, client_id, hash, created_at, expires_at, last_used_at, index) in rows {
        let hash = hash.try_into().map_err(|_| sqlx::Error::ColumnNotFound("hash".to_owned()))?;
        groups.entry(client_id).or_default().push(StoredSecret {
            secret_id,
            hash,
            status_index: index.map(time_from_sql),
            created_at: time_from_sql(created_at),
            expires_at: expires_at.map(time_from_sql),
            last_used_at: last_used_at.map(time_from_sql),
        });
    }
    Ok(groups)
}
