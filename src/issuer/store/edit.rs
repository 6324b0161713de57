//! What operators do to clients. Each edit is one transaction: the rows, the record of the change,
//! and the places of tokens that must die.

use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Sqlite, Transaction};

use super::change::{Change, Fault, Tokens, settle};
use super::{Client, Store, StoreError, StoredSecret, status, time_to_sql};

/// The two lists of what a client may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// An audience (RFC 8707).
    Resource,
    /// A scope (RFC 6749 s3.3).
    Scope,
}

/// A list of rights as it was read, and as it is to be.
pub(crate) struct RightsEdit<'a> {
    pub(crate) right: Right,
    pub(crate) before: &'a [String],
    pub(crate) after: &'a [String],
}

/// Where a list of rights is kept, and how a change of it is called.
struct Table {
    change: &'static str,
    select: &'static str,
    delete: &'static str,
    insert: &'static str,
}

const RESOURCES: Table = Table {
    change: "resources changed",
    select: "SELECT resource FROM client_resource WHERE client_id = ? ORDER BY resource",
    delete: "DELETE FROM client_resource WHERE client_id = ?",
    insert: "INSERT INTO client_resource (client_id, resource) VALUES (?, ?)",
};

const SCOPES: Table = Table {
    change: "scopes changed",
    select: "SELECT scope FROM client_scope WHERE client_id = ? ORDER BY scope",
    delete: "DELETE FROM client_scope WHERE client_id = ?",
    insert: "INSERT INTO client_scope (client_id, scope) VALUES (?, ?)",
};

impl Right {
    fn table(self) -> &'static Table {
        match self {
            Self::Resource => &RESOURCES,
            Self::Scope => &SCOPES,
        }
    }
}

impl Store {
    /// Adds a client with all it has, or nothing of it. `now` is in milliseconds, here and below.
    pub(crate) async fn add_client(&mut self, client: &Client, now: u64) -> Result<(), StoreError> {
        let edit = add_client(&mut self.connection, client, now).await;
        edit.map_err(|fault| self.refuse(fault))
    }

    /// Opens or closes the door for a client. Closing it kills its tokens.
    pub(crate) async fn set_client_enabled(
        &mut self,
        client_id: &str,
        enabled: bool,
        now: u64,
    ) -> Result<(), StoreError> {
        let edit = set_client_enabled(&mut self.connection, client_id, enabled, now).await;
        edit.map_err(|fault| self.refuse(fault))
    }

    /// Forgets a client and its secrets, and kills its tokens.
    pub(crate) async fn remove_client(
        &mut self,
        client_id: &str,
        now: u64,
    ) -> Result<(), StoreError> {
        let edit = remove_client(&mut self.connection, client_id, now).await;
        edit.map_err(|fault| self.refuse(fault))
    }

    /// Adds one more secret.
    pub(crate) async fn add_secret(
        &mut self,
        client_id: &str,
        secret: &StoredSecret,
        now: u64,
    ) -> Result<(), StoreError> {
        let edit = add_secret(&mut self.connection, client_id, secret, now).await;
        edit.map_err(|fault| self.refuse(fault))
    }

    /// Forgets one secret and kills the tokens that were got with it; no others.
    pub(crate) async fn drop_secret(
        &mut self,
        client_id: &str,
        secret_id: &str,
        now: u64,
    ) -> Result<(), StoreError> {
        let edit = drop_secret(&mut self.connection, client_id, secret_id, now).await;
        edit.map_err(|fault| self.refuse(fault))
    }

    /// Replaces a list of rights, unless somebody else has changed it meanwhile. Tokens die when
    /// anything is taken away.
    pub(crate) async fn replace_rights(
        &mut self,
        client_id: &str,
        edit: &RightsEdit<'_>,
        now: u64,
    ) -> Result<(), StoreError> {
        let busy = StoreError::Busy(self.file.clone());
        match replace_rights(&mut self.connection, client_id, edit, now).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(busy),
            Err(fault) => Err(self.refuse(fault)),
        }
    }

    /// Kills all tokens of a client, which stays as it is.
    pub(crate) async fn kill_tokens(
        &mut self,
        client_id: &str,
        now: u64,
    ) -> Result<(), StoreError> {
        let edit = kill_tokens(&mut self.connection, client_id, now).await;
        edit.map_err(|fault| self.refuse(fault))
    }
}

async fn add_client(
    connection: &mut SqliteConnection,
    client: &Client,
    now: u64,
) -> Result<(), Fault> {
    let mut transaction = begin(connection).await?;
    insert_client(&mut transaction, client).await?;
    insert_rights(&mut transaction, &client.client_id, &SCOPES, &client.scopes).await?;
    insert_rights(&mut transaction, &client.client_id, &RESOURCES, &client.resources).await?;
    for secret in &client.secrets {
        insert_secret(&mut transaction, &client.client_id, secret).await?;
    }
    let detail = format!("{} {}", client.scopes.join(" "), client.resources.join(" "));
    let change = Change {
        client_id: &client.client_id,
        name: "added",
        detail: detail.trim(),
        tokens: Tokens::Keep,
    };
    settle(&mut transaction, &change, now).await?;
    Ok(transaction.commit().await?)
}

async fn set_client_enabled(
    connection: &mut SqliteConnection,
    client_id: &str,
    enabled: bool,
    now: u64,
) -> Result<(), Fault> {
    let mut transaction = begin(connection).await?;
    expect_client(&mut transaction, client_id).await?;
    sqlx::query("UPDATE client SET enabled = ? WHERE client_id = ?")
        .bind(enabled)
        .bind(client_id)
        .execute(&mut *transaction)
        .await?;
    let (name, tokens) =
        if enabled { ("enabled", Tokens::Keep) } else { ("disabled", Tokens::Kill) };
    settle(&mut transaction, &Change { client_id, name, detail: "", tokens }, now).await?;
    Ok(transaction.commit().await?)
}

async fn remove_client(
    connection: &mut SqliteConnection,
    client_id: &str,
    now: u64,
) -> Result<(), Fault> {
    let mut transaction = begin(connection).await?;
    expect_client(&mut transaction, client_id).await?;
    sqlx::query("DELETE FROM client WHERE client_id = ?")
        .bind(client_id)
        .execute(&mut *transaction)
        .await?;
    let change = Change { client_id, name: "removed", detail: "", tokens: Tokens::Kill };
    settle(&mut transaction, &change, now).await?;
    Ok(transaction.commit().await?)
}

async fn add_secret(
    connection: &mut SqliteConnection,
    client_id: &str,
    secret: &StoredSecret,
    now: u64,
) -> Result<(), Fault> {
    let mut transaction = begin(connection).await?;
    expect_client(&mut transaction, client_id).await?;
    insert_secret(&mut transaction, client_id, secret).await?;
    let detail = &secret.secret_id;
    let change = Change { client_id, name: "secret added", detail, tokens: Tokens::Keep };
    settle(&mut transaction, &change, now).await?;
    Ok(transaction.commit().await?)
}

async fn drop_secret(
    connection: &mut SqliteConnection,
    client_id: &str,
    secret_id: &str,
    now: u64,
) -> Result<(), Fault> {
    let mut transaction = begin(connection).await?;
    expect_client(&mut transaction, client_id).await?;
    let done = sqlx::query("DELETE FROM client_secret WHERE client_id = ? AND secret_id = ?")
        .bind(client_id)
        .bind(secret_id)
        .execute(&mut *transaction)
        .await?;
    if done.rows_affected() == 0 {
        return Err(Fault::Rule(StoreError::SecretUnknown {
            client_id: client_id.to_owned(),
            secret_id: secret_id.to_owned(),
        }));
    }
    status::invalidate_secret(&mut transaction, secret_id, now).await?;
    let detail = secret_id;
    let change = Change { client_id, name: "secret dropped", detail, tokens: Tokens::Keep };
    settle(&mut transaction, &change, now).await?;
    Ok(transaction.commit().await?)
}

/// Whether the list was still the one that was read.
async fn replace_rights(
    connection: &mut SqliteConnection,
    client_id: &str,
    edit: &RightsEdit<'_>,
    now: u64,
) -> Result<bool, Fault> {
    let table = edit.right.table();
    let mut transaction = begin(connection).await?;
    expect_client(&mut transaction, client_id).await?;
    let present: Vec<String> =
        sqlx::query_scalar(table.select).bind(client_id).fetch_all(&mut *transaction).await?;
    if present != edit.before {
        return Ok(false);
    }
    sqlx::query(table.delete).bind(client_id).execute(&mut *transaction).await?;
    insert_rights(&mut transaction, client_id, table, edit.after).await?;
    let is_narrower = edit.before.iter().any(|word| !edit.after.contains(word));
    let tokens = if is_narrower { Tokens::Kill } else { Tokens::Keep };
    let detail = &edit.after.join(" ");
    settle(&mut transaction, &Change { client_id, name: table.change, detail, tokens }, now)
        .await?;
    transaction.commit().await?;
    Ok(true)
}

async fn kill_tokens(
    connection: &mut SqliteConnection,
    client_id: &str,
    now: u64,
) -> Result<(), Fault> {
    let mut transaction = begin(connection).await?;
    expect_client(&mut transaction, client_id).await?;
    let change = Change { client_id, name: "tokens revoked", detail: "", tokens: Tokens::Kill };
    settle(&mut transaction, &change, now).await?;
    Ok(transaction.commit().await?)
}

/// Takes the place of the writer at once: what is read below is still true when it is written.
async fn begin(connection: &mut SqliteConnection) -> Result<Transaction<'_, Sqlite>, sqlx::Error> {
    connection.begin_with("BEGIN IMMEDIATE").await
}

async fn expect_client(connection: &mut SqliteConnection, client_id: &str) -> Result<(), Fault> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM client WHERE client_id = ?")
        .bind(client_id)
        .fetch_optional(connection)
        .await?;
    found.map(drop).ok_or_else(|| Fault::unknown(client_id))
}

async fn insert_client(connection: &mut SqliteConnection, client: &Client) -> Result<(), Fault> {
    let inserted = sqlx::query(
        "INSERT INTO client (client_id, name, enabled, may_get_tokens, token_lifetime, \
         created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&client.client_id)
    .bind(&client.name)
    .bind(client.enabled)
    .bind(client.may_get_tokens)
    .bind(client.token_lifetime)
    .bind(time_to_sql(client.created_at))
    .bind(time_to_sql(client.changed_at))
    .execute(connection)
    .await;
    match inserted {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            Err(Fault::Rule(StoreError::ClientExists(client.client_id.clone())))
        }
        other => Ok(other.map(drop)?),
    }
}

async fn insert_rights(
    connection: &mut SqliteConnection,
    client_id: &str,
    table: &Table,
    words: &[String],
) -> Result<(), sqlx::Error> {
    for word in words {
        sqlx::query(table.insert).bind(client_id).bind(word).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn insert_secret(
    connection: &mut SqliteConnection,
    client_id: &str,
    secret: &StoredSecret,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO client_secret (secret_id, client_id, hash, created_at, expires_at) \
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(&secret.secret_id)
    .bind(client_id)
    .bind(secret.hash.as_slice())
    .bind(time_to_sql(secret.created_at))
    .bind(secret.expires_at.map(time_to_sql))
    .execute(connection)
    .await?;
    Ok(())
}
