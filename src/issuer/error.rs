//! Everything that can keep an operator from what they want, in one type for the command line.

use core::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::administration::RegistrationError;
use crate::config::ConfigError;
use crate::master_key::MasterKeyError;
use crate::random::RandomError;
use crate::server::ServerError;
use crate::signing::SigningError;
use crate::snapshot::UnusableKey;
use crate::store::StoreError;

/// A failed command. The message is one line: what, where, what to do.
#[derive(Debug)]
pub enum Error {
    /// The audit cannot be started.
    Audit(String),
    /// Another `init` works in the same folder.
    Busy(PathBuf),
    /// The configuration is wrong.
    Config(ConfigError),
    /// The master key cannot be used.
    MasterKey(MasterKeyError),
    /// The operating system gives no randomness.
    Random(RandomError),
    /// A client may not be registered like this.
    Registration(RegistrationError),
    /// Listener or TLS.
    Server(ServerError),
    /// A signing key could not be made.
    Signing(SigningError),
    /// The database.
    Store(StoreError),
    /// A stored signing key cannot be opened.
    UnusableKey(UnusableKey),
    /// A file or folder cannot be written.
    Unwritable {
        /// Which one.
        path: PathBuf,
        /// The words of the operating system.
        problem: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audit(problem) => formatter.write_str(problem),
            Self::Busy(folder) => write!(
                formatter,
                "another 'edgelatch init' is at work: {}; wait until it is done",
                folder.display()
            ),
            Self::Config(error) => error.fmt(formatter),
            Self::MasterKey(error) => error.fmt(formatter),
            Self::Random(error) => error.fmt(formatter),
            Self::Registration(error) => error.fmt(formatter),
            Self::Server(error) => error.fmt(formatter),
            Self::Signing(error) => error.fmt(formatter),
            Self::Store(error) => error.fmt(formatter),
            Self::UnusableKey(error) => error.fmt(formatter),
            Self::Unwritable { path, problem } => write!(
                formatter,
                "cannot write: {} ({problem}); choose another folder or correct its owner",
                path.display()
            ),
        }
    }
}

impl core::error::Error for Error {}

impl Error {
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::Unwritable { path: path.to_owned(), problem: error.to_string() }
    }
}

macro_rules! from {
    ($($error:ident => $variant:ident),+ $(,)?) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )+};
}

from! {
    ConfigError => Config,
    MasterKeyError => MasterKey,
    RandomError => Random,
    RegistrationError => Registration,
    ServerError => Server,
    SigningError => Signing,
    StoreError => Store,
    UnusableKey => UnusableKey,
}
