//! `edgelatch client history`: what operators changed.

use clap::Args;
use edgelatch_issuer::ClientChange;
use serde_json::json;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::{output, runtime};

/// Show what was changed, of one client or of all; also of those that are removed
#[derive(Args)]
pub(crate) struct Arguments {
    /// What the client is called on the wire [default: all clients]
    client_id: Option<String>,
    #[command(flatten)]
    folder: Folder,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let changes = runtime::single()?.block_on(async {
        let mut issuer = arguments.folder.open().await?;
        let changes = issuer.changes(arguments.client_id.as_deref()).await?;
        issuer.close().await?;
        Ok::<_, Failure>(changes)
    })?;
    if arguments.json {
        return output::json(&json!(changes));
    }
    let rows: Vec<_> = changes.iter().map(row).collect();
    output::table(&["TIME", "CLIENT ID", "CHANGE", "DETAIL"], &rows)
}

fn row(change: &ClientChange) -> Vec<String> {
    vec![
        output::time(change.changed_at_milliseconds / 1000),
        change.client_id.clone(),
        change.change.clone(),
        change.detail.clone(),
    ]
}
