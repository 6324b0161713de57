//! How a command fails: one line on standard error and an exit code.

use std::io::{self, Write};
use std::process::ExitCode;

use edgelatch_issuer::Error;

/// A failed command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A mistake of the operator or of the system: exit code 2. What, where, what to do.
    Mistake(String),
    /// All went well, but the answer is no: exit code 1.
    Refused(String),
    /// Whoever read our output went away, which is no fault of theirs.
    OutputClosed,
}

impl Failure {
    pub(crate) fn report(self) -> ExitCode {
        let (message, code) = match self {
            Self::Mistake(message) => (message, 2),
            Self::Refused(message) => (message, 1),
            Self::OutputClosed => return ExitCode::SUCCESS,
        };
        // If standard error is gone, the exit code still tells.
        let _ = writeln!(io::stderr(), "edgelatch: {message}");
        ExitCode::from(code)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Mistake(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::output(&error),
        }
    }
}

impl Failure {
    /// The result could not be written, whatever the reason.
    pub(crate) fn output(error: &io::Error) -> Self {
        Self::Mistake(format!("cannot write the result: standard output ({error}); redirect it"))
    }
}
