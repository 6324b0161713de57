//! Why a developer command stopped.

use core::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A failure, in words that say what to do next.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A program that has to be installed is not there.
    Missing { program: &'static str, needed_for: &'static str, install: &'static str },
    /// A step ran and failed; it has said why itself.
    Step { what: String },
    /// A file operation failed.
    File { doing: &'static str, path: PathBuf, error: io::Error },
    /// There is no prebuilt Envoy for this machine.
    NoEnvoy { platform: String },
    /// `ENVOY` names something that is not a file.
    NotAFile { variable: &'static str, path: PathBuf },
}

impl Failure {
    pub(crate) fn step(what: impl Into<String>) -> Self {
        Self::Step { what: what.into() }
    }

    /// For `map_err`.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { doing, path, error }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { program, needed_for, install } => {
                write!(f, "{program} is needed {needed_for} and is not installed: {install}")
            }
            Self::Step { what } => write!(f, "{what} failed: see above"),
            Self::File { doing, path, error } => {
                write!(f, "cannot {doing} {}: {error}", path.display())
            }
            Self::NoEnvoy { platform } => write!(
                f,
                "there is no prebuilt Envoy for {platform}: install Envoy 1.40 and set ENVOY=/path/to/envoy"
            ),
            Self::NotAFile { variable, path } => {
                write!(f, "{variable} names {}, which is not a file", path.display())
            }
        }
    }
}

impl core::error::Error for Failure {}
