//! `edgelatch key`.

use clap::{Args, Subcommand};
use edgelatch_issuer::KeyRecord;
use serde_json::json;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::{output, runtime};

/// Look at signing keys
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(List),
}

/// Show all signing keys and where in their life they are
#[derive(Args)]
struct List {
    #[command(flatten)]
    folder: Folder,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Command::List(list) = &arguments.command;
    let keys = runtime::single()?.block_on(async {
        let mut issuer = list.folder.open().await?;
        let keys = issuer.keys().await?;
        issuer.close().await?;
        Ok::<_, Failure>(keys)
    })?;
    if list.json {
        return output::json(&json!(keys));
    }
    let rows: Vec<_> = keys.iter().map(row).collect();
    output::table(&["KEY ID", "ALGORITHM", "STATE", "CREATED", "ACTIVATED"], &rows)
}

fn row(key: &KeyRecord) -> Vec<String> {
    vec![
        key.key_id.clone(),
        key.algorithm.name().to_owned(),
        key.state.name().to_owned(),
        output::time(key.created_at),
        key.activated_at.map_or_else(|| "-".to_owned(), output::time),
    ]
}
