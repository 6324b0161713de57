//! `edgelatch client scope` and `edgelatch client resource`: what a client may ask for.

use clap::{Args, Subcommand};
use edgelatch_issuer::{Right, RightsChange};
use serde_json::json;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::{output, runtime};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Allow these too; tokens that are out there stay as they are
    Add(Words),
    /// Allow these no longer; all tokens of the client stop working within a second, it may ask
    /// for new ones at once
    Remove(Words),
    /// Allow exactly these; if one is taken away, all tokens of the client stop working within a
    /// second
    Set(Words),
}

#[derive(Args)]
struct Words {
    /// What the client is called on the wire
    client_id: String,
    /// Which ones
    #[arg(required = true, value_name = "VALUE")]
    values: Vec<String>,
    #[command(flatten)]
    folder: Folder,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, right: Right) -> Result<(), Failure> {
    let (words, change): (_, fn(Vec<String>) -> RightsChange) = match arguments.command {
        Command::Add(words) => (words, RightsChange::Add),
        Command::Remove(words) => (words, RightsChange::Remove),
        Command::Set(words) => (words, RightsChange::Set),
    };
    let after = runtime::single()?.block_on(async {
        let mut issuer = words.folder.open().await?;
        let after = issuer.change_rights(&words.client_id, right, change(words.values)).await?;
        issuer.close().await?;
        Ok::<_, Failure>(after)
    })?;
    let name = match right {
        Right::Resource => "resources",
        Right::Scope => "scopes",
    };
    if words.json {
        return output::json(&json!({ "client_id": words.client_id, name: after }));
    }
    output::line(&format!("{name} of {}: {}", words.client_id, after.join(" ")))
}
