//! `edgelatch client list`.

use clap::Args;
use edgelatch_issuer::Client;
use serde_json::json;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::{output, runtime};

/// Show all clients
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let clients = runtime::single()?.block_on(async {
        let mut issuer = arguments.folder.open().await?;
        let clients = issuer.clients().await?;
        issuer.close().await?;
        Ok::<_, Failure>(clients)
    })?;
    if arguments.json {
        return output::json(&json!(clients));
    }
    let rows: Vec<_> = clients.iter().map(row).collect();
    output::table(&["CLIENT ID", "NAME", "STATE", "SCOPES", "RESOURCES", "LAST USED"], &rows)
}

fn row(client: &Client) -> Vec<String> {
    let last_used = client.secrets.iter().filter_map(|secret| secret.last_used_at).max();
    vec![
        client.client_id.clone(),
        client.name.clone(),
        super::show::state(client).to_owned(),
        client.scopes.join(" "),
        client.resources.join(" "),
        last_used.map_or_else(|| "never".to_owned(), output::time),
    ]
}
