//! npm, which brings the tools for WebAssembly and JavaScript at pinned hashes.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use crate::Failure;
use crate::artifacts::Network;
use crate::run::{command, run};

/// Installs in `folder` exactly what its lock file says. No package runs a script of its own.
pub(crate) fn ci(
    folder: &Path,
    arguments: &[&str],
    what: &str,
    network: Network,
) -> Result<(), Failure> {
    let mut npm = npm()?;
    npm.args(["ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]).args(arguments);
    if network == Network::Offline {
        npm.arg("--offline");
    }
    npm.arg("--prefix").arg(folder);
    run(npm, &format!("fetching {what} by npm"))
}

/// A command that starts npm, once it is known to be there.
pub(crate) fn npm() -> Result<Command, Failure> {
    match command("npm").arg("--version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::Missing {
            program: "npm",
            needed_for: "to fetch the tools for WebAssembly and JavaScript",
            install: "install Node.js 20 or later, from https://nodejs.org or by the means of your system",
        }),
        _ => Ok(command("npm")),
    }
}
