//! `edgelatch client disable`, `enable`, `remove` and `revoke-tokens`: one client, one change.

use clap::Args;
use serde_json::json;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::{output, runtime};

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

/// What happens to the client.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Disable,
    Enable,
    Remove,
    RevokeTokens,
}

impl Change {
    fn done(self) -> &'static str {
        match self {
            Self::Disable => "disabled",
            Self::Enable => "enabled",
            Self::Remove => "removed",
            Self::RevokeTokens => "tokens revoked",
        }
    }
}

pub(super) fn run(arguments: &Arguments, change: Change) -> Result<(), Failure> {
    let client_id = arguments.client_id.as_str();
    runtime::single()?.block_on(async {
        let mut issuer = arguments.folder.open().await?;
        match change {
            Change::Disable => issuer.disable_client(client_id).await?,
            Change::Enable => issuer.enable_client(client_id).await?,
            Change::Remove => issuer.remove_client(client_id).await?,
            Change::RevokeTokens => issuer.revoke_tokens(client_id).await?,
        }
        issuer.close().await?;
        Ok::<_, Failure>(())
    })?;
    if arguments.json {
        return output::json(&json!({ "client_id": client_id, "state": change.done() }));
    }
    output::line(&format!("{} {client_id}", change.done()))
}
