//! Why something in the lab did not work.

use core::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A failure of the lab itself, not of what is tested in it.
#[derive(Debug)]
pub enum LabError {
    /// The system refused something.
    Io {
        /// What was tried, with the path or address.
        doing: String,
        /// What the system said.
        error: io::Error,
    },
    /// A built artefact or a fetched tool is not there.
    Absent {
        /// The environment variable that would name it.
        variable: &'static str,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A program ended with an error, or before it was ready.
    Ended {
        /// The program.
        program: String,
        /// The last lines that it wrote.
        output: String,
    },
    /// A program did not become ready in time.
    NotReady {
        /// The program.
        program: String,
        /// The last lines that it wrote.
        output: String,
    },
    /// A peer answered something that is not HTTP, or not the JSON that was expected.
    Answer {
        /// What was wrong.
        what: String,
    },
}

impl LabError {
    pub(crate) fn answer(what: impl Into<String>) -> Self {
        Self::Answer { what: what.into() }
    }

    /// For `map_err` on a file: says what was done to which path.
    pub(crate) fn file(verb: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let doing = format!("{verb} {}", path.display());
        move |error| Self::Io { doing, error }
    }

    /// For `map_err` on anything else.
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |error| Self::Io { doing, error }
    }
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { doing, error } => write!(f, "cannot {doing}: {error}"),
            Self::Absent { variable, path } => write!(
                f,
                "{} is not there: run the tests by `cargo xtask test`, or set {variable}",
                path.display()
            ),
            Self::Ended { program, output } => write!(f, "{program} ended:\n{output}"),
            Self::NotReady { program, output } => {
                write!(f, "{program} was not ready in time; it wrote:\n{output}")
            }
            Self::Answer { what } => write!(f, "unexpected answer: {what}"),
        }
    }
}

impl core::error::Error for LabError {}
