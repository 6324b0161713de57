//! `edgelatch client add`.

use clap::Args;
use edgelatch_issuer::{Client, ClientSecret, NewClient};
use serde_json::json;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::{output, runtime};

/// Register a client; its secret is shown once and never again
#[derive(Args)]
pub(crate) struct Arguments {
    /// What people call it
    name: String,
    #[command(flatten)]
    folder: Folder,
    /// A scope it may ask for; repeat for more
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<String>,
    /// An API it may ask for, the audience of its tokens; repeat for more
    #[arg(long = "resource", value_name = "URI", required = true)]
    resources: Vec<String>,
    /// Seconds that its tokens live, at most 3600
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    token_lifetime: u32,
    /// What it is called on the wire [default: made from NAME]
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    let new = NewClient {
        client_id: arguments.client_id,
        name: arguments.name,
        token_lifetime: arguments.token_lifetime,
        scopes: arguments.scopes,
        resources: arguments.resources,
    };
    let (client, secret) = runtime::single()?.block_on(async {
        let mut issuer = arguments.folder.open().await?;
        let added = issuer.add_client(new).await?;
        issuer.close().await?;
        Ok::<_, Failure>(added)
    })?;
    if arguments.json {
        return output::json(&json!({
            "client_id": client.client_id,
            "client_secret": secret.reveal(),
            "scopes": client.scopes,
            "resources": client.resources,
        }));
    }
    show(&client, &secret)
}

fn show(client: &Client, secret: &ClientSecret) -> Result<(), Failure> {
    output::line(&format!("client_id      {}", client.client_id))?;
    output::line(&format!("client_secret  {}", secret.reveal()))?;
    output::line(&format!("scopes         {}", client.scopes.join(" ")))?;
    output::line(&format!("resources      {}", client.resources.join(" ")))?;
    output::line("\nThe secret is not stored and cannot be shown again.")
}
