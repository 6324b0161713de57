//! `edgelatch client add`.

use std::io;

use clap::Args;
use edgelatch_issuer::{Administration, Client, ClientSecret, NewClient};
use serde_json::json;
use zeroize::Zeroizing;

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
    runtime::single()?.block_on(async {
        let mut issuer = arguments.folder.open().await?;
        let (client, secret) = issuer.add_client(new).await?;
        let text = if arguments.json { json(&client, &secret) } else { plain(&client, &secret) };
        if let Err(error) = output::vital(&text) {
            return Err(take_back(issuer, &client.client_id, &error).await);
        }
        Ok(issuer.close().await?)
    })
}

/// A client whose secret nobody has seen is of no use, and its id would be taken.
async fn take_back(mut issuer: Administration, client_id: &str, problem: &io::Error) -> Failure {
    let fate = match issuer.remove_client(client_id).await {
        Ok(()) => "the client is removed again; send the output elsewhere and repeat".to_owned(),
        Err(error) => format!("remove client {client_id}, which has no known secret: {error}"),
    };
    Failure::Mistake(format!("cannot write the secret: standard output ({problem}); {fate}"))
}

fn json(client: &Client, secret: &ClientSecret) -> Zeroizing<String> {
    let value = json!({
        "client_id": client.client_id,
        "client_secret": secret.reveal(),
        "scopes": client.scopes,
        "resources": client.resources,
    });
    Zeroizing::new(format!("{value}\n"))
}

fn plain(client: &Client, secret: &ClientSecret) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "client_id      {}\n\
         client_secret  {}\n\
         scopes         {}\n\
         resources      {}\n\n\
         The secret is not stored and cannot be shown again.\n",
        client.client_id,
        secret.reveal(),
        client.scopes.join(" "),
        client.resources.join(" "),
    ))
}
