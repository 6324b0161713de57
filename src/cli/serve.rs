//! `edgelatch serve`.

use std::fs::File;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::fd::AsFd;

use clap::Args;
use edgelatch_issuer::Server;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

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
    let mut signals = Signals::listen()?;
    let text = master_key_text()?;
    let text = text.as_ref().map(|text| text.as_str());
    let folder = arguments.folder.data();
    let server = Server::start(&folder, text, arguments.listen, output()?).await?;
    // The line that scripts wait for.
    let _ = writeln!(io::stderr(), "edgelatch: listening on {}", server.origin());
    if let Some(address) = server.metrics_address() {
        let _ = writeln!(io::stderr(), "edgelatch: metrics on http://{address}/metrics");
    }
    if !server.can_sign() {
        let _ = writeln!(
            io::stderr(),
            "edgelatch: no active signing key: requests get 503 until there is one, see 'edgelatch \
             key list'"
        );
    }
    until_stopped(server, &mut signals).await;
    Ok(())
}

/// The first signal asks to finish what is open, the second one to leave it.
async fn until_stopped(server: Server, signals: &mut Signals) {
    let (stop, stopped) = oneshot::channel::<()>();
    let running = server.run(async {
        // Also ready when the sender is gone, which means the same.
        let _ = stopped.await;
    });
    tokio::pin!(running);
    tokio::select! {
        () = &mut running => return,
        () = signals.next() => drop(stop),
    }
    tokio::select! {
        () = running => {}
        () = signals.next() => {
            let _ = writeln!(io::stderr(), "edgelatch: second signal: open requests are abandoned");
        }
    }
}

/// SIGTERM of a supervisor, Ctrl-C of a person.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Failure> {
        let terminate = listen_for(SignalKind::terminate())?;
        Ok(Self { terminate, interrupt: listen_for(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Standard output without the buffer of the standard library, which would keep what it could not
/// write and write it again later.
fn output() -> Result<File, Failure> {
    let output = io::stdout().as_fd().try_clone_to_owned().map_err(|error| {
        Failure::Mistake(format!("cannot write the audit: standard output ({error}); redirect it"))
    })?;
    Ok(File::from(output))
}

fn listen_for(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| {
        Failure::Mistake(format!("cannot start: signals ({error}); raise the limits of this user"))
    })
}
