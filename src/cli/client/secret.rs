//! `edgelatch client secret`: several secrets may be live, so that one can replace another without
//! a gap.

use std::io;

use clap::{Args, Subcommand};
use edgelatch_issuer::{Administration, ClientSecret};
use serde_json::json;
use zeroize::Zeroizing;

use super::show;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::{output, runtime};

/// Replace a secret without a gap: add one, roll it out, drop the old one
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Give a client one more secret, which is shown once and never again; the others stay
    Add(Of),
    /// Show the secrets of a client, of which only the ids are known
    List(Of),
    /// Forget a secret; tokens that were got with it stop working within a second, others live on
    Drop(Drop),
}

#[derive(Args)]
struct Of {
    /// What the client is called on the wire
    client_id: String,
    #[command(flatten)]
    folder: Folder,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct Drop {
    #[command(flatten)]
    of: Of,
    /// Which secret: the id that 'edgelatch client secret list' shows
    secret_id: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Add(of) => add(of),
        Command::List(of) => list(of),
        Command::Drop(arguments) => drop_one(&arguments.of, &arguments.secret_id),
    }
}

fn add(of: &Of) -> Result<(), Failure> {
    runtime::single()?.block_on(async {
        let mut issuer = of.folder.open().await?;
        let secret = issuer.add_secret(&of.client_id).await?;
        if let Err(error) = output::vital(&text(of, &secret)) {
            return Err(take_back(issuer, &of.client_id, secret.id(), &error).await);
        }
        Ok(issuer.close().await?)
    })
}

fn list(of: &Of) -> Result<(), Failure> {
    let client = runtime::single()?.block_on(async {
        let mut issuer = of.folder.open().await?;
        let client = issuer.client(&of.client_id).await?;
        issuer.close().await?;
        Ok::<_, Failure>(client)
    })?;
    if of.json { output::json(&json!(client.secrets)) } else { show::secrets(&client) }
}

fn drop_one(of: &Of, secret_id: &str) -> Result<(), Failure> {
    runtime::single()?.block_on(async {
        let mut issuer = of.folder.open().await?;
        issuer.drop_secret(&of.client_id, secret_id).await?;
        issuer.close().await?;
        Ok::<_, Failure>(())
    })?;
    if of.json {
        let value =
            json!({ "client_id": of.client_id, "secret_id": secret_id, "state": "dropped" });
        return output::json(&value);
    }
    output::line(&format!("dropped {secret_id} of {}", of.client_id))
}

/// A secret that nobody has seen opens nothing, but it would look as if somebody used it.
async fn take_back(
    mut issuer: Administration,
    client_id: &str,
    secret_id: &str,
    problem: &io::Error,
) -> Failure {
    let fate = match issuer.drop_secret(client_id, secret_id).await {
        Ok(()) => "it is dropped again; send the output elsewhere and repeat".to_owned(),
        Err(error) => format!("drop secret {secret_id}, which nobody knows: {error}"),
    };
    Failure::Mistake(format!("cannot write the secret: standard output ({problem}); {fate}"))
}

fn text(of: &Of, secret: &ClientSecret) -> Zeroizing<String> {
    if of.json {
        let value = json!({
            "client_id": of.client_id,
            "secret_id": secret.id(),
            "client_secret": secret.reveal(),
        });
        return Zeroizing::new(format!("{value}\n"));
    }
    Zeroizing::new(format!(
        "client_id      {}\n\
         secret_id      {}\n\
         client_secret  {}\n\n\
         The secret is not stored and cannot be shown again. The others stay until you drop them.\n",
        of.client_id,
        secret.id(),
        secret.reveal(),
    ))
}
