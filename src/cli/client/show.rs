//! `edgelatch client show`.

use clap::Args;
use edgelatch_issuer::{Client, StoredSecret};
use serde_json::json;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::{output, runtime};

/// Show one client and its secrets, of which only the ids are known
#[derive(Args)]
pub(crate) struct Arguments {
    /// What it is called on the wire
    client_id: String,
    #[command(flatten)]
    folder: Folder,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let client = runtime::single()?.block_on(async {
        let mut issuer = arguments.folder.open().await?;
        let client = issuer.client(&arguments.client_id).await?;
        issuer.close().await?;
        Ok::<_, Failure>(client)
    })?;
    if arguments.json {
        return output::json(&json!(client));
    }
    show(&client)
}

pub(super) fn state(client: &Client) -> &'static str {
    if client.enabled { "enabled" } else { "disabled" }
}

fn show(client: &Client) -> Result<(), Failure> {
    output::line(&format!("client_id       {}", client.client_id))?;
    output::line(&format!("name            {}", client.name))?;
    output::line(&format!("state           {}", state(client)))?;
    output::line(&format!("scopes          {}", client.scopes.join(" ")))?;
    output::line(&format!("resources       {}", client.resources.join(" ")))?;
    output::line(&format!("token lifetime  {} s", client.token_lifetime))?;
    output::line(&format!("created         {}", output::time(client.created_at)))?;
    output::line(&format!("changed         {}\n", output::time(client.changed_at)))?;
    secrets(client)
}

pub(super) fn secrets(client: &Client) -> Result<(), Failure> {
    let rows: Vec<_> = client.secrets.iter().map(row).collect();
    output::table(&["SECRET ID", "CREATED", "EXPIRES", "LAST USED"], &rows)
}

fn row(secret: &StoredSecret) -> Vec<String> {
    let or_never = |time: Option<u64>| time.map_or_else(|| "never".to_owned(), output::time);
    vec![
        secret.secret_id.clone(),
        output::time(secret.created_at),
        or_never(secret.expires_at),
        or_never(secret.last_used_at),
    ]
}
