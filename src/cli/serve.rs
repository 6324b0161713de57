//! `edgelatch serve`.

use std::io::{self, Write};
use std::net::SocketAddr;

use clap::Args;
use edgelatch_issuer::Server;
use tokio::signal::unix::{SignalKind, signal};

use crate::failure::Failure;
use crate::folder::{Folder, master_key_text};
use crate::runtime;

/// Run the issuer until it is told to stop (SIGTERM, Ctrl-C); audit lines go to standard output
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// Where to listen instead of the address in the configuration; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    runtime::many()?.block_on(serve(arguments))
}

async fn serve(arguments: &Arguments) -> Result<(), Failure> {
    // Before the address is taken: a stop that comes early must not be lost.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let text = master_key_text();
    let text = text.as_ref().map(|text| text.as_str());
    let folder = arguments.folder.data();
    let server = Server::start(&folder, text, arguments.listen, io::stdout()).await?;
    // The line that scripts wait for.
    let _ = writeln!(io::stderr(), "edgelatch: listening on {}", server.origin());
    server
        .run(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
        .await;
    Ok(())
}
