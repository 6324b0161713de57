//! What can be wrong with a configuration file.

use core::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a configuration is refused. Each message says what, where and what to do.
#[derive(Debug)]
pub enum ConfigError {
    /// A field has a wrong name, type or value.
    Field {
        /// The configuration file.
        file: PathBuf,
        /// Path of the field, such as `tls.key`.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no configuration, so there is no issuer.
    Missing(PathBuf),
    /// Plain HTTP on an address that others can reach.
    PlainHttp {
        /// Where the address was named.
        place: String,
        /// The address.
        address: SocketAddr,
    },
    /// The file is not YAML.
    Syntax(PathBuf, String),
    /// A database without configuration: `init` was interrupted, or the file was lost.
    Unfinished {
        /// The configuration that is missing.
        config_file: PathBuf,
        /// What is there instead.
        remains: Vec<PathBuf>,
    },
    /// The operating system refuses to read the file.
    Unreadable(PathBuf, io::Error),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { file, field, problem } => write!(
                formatter,
                "wrong configuration: {}: {field}: {problem}; correct this field",
                file.display()
            ),
            Self::Missing(file) => write!(
                formatter,
                "no issuer here: {} does not exist; make one with 'edgelatch init' or name \
                 another folder with --data",
                file.display()
            ),
            Self::PlainHttp { place, address } => write!(
                formatter,
                "plain HTTP is allowed only on a loopback address: {place}: {address}; set \
                 tls.certificate and tls.key, or listen on 127.0.0.1"
            ),
            Self::Syntax(file, problem) => write!(
                formatter,
                "configuration is not YAML: {}: {problem}; correct this line",
                file.display()
            ),
            Self::Unfinished { config_file, remains } => write!(
                formatter,
                "unfinished init, or lost configuration: {} does not exist; restore it, or remove \
                 {} and run 'edgelatch init' again",
                config_file.display(),
                join(remains)
            ),
            Self::Unreadable(file, error) => write!(
                formatter,
                "cannot read the configuration: {} ({error}); check owner and mode of the file",
                file.display()
            ),
        }
    }
}

impl core::error::Error for ConfigError {}

fn join(files: &[PathBuf]) -> String {
    let names: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    names.join(", ")
}
