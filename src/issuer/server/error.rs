//! Why the issuer cannot be reached.

use core::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A fault of listener or TLS. Each message says what, where and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerError {
    /// New connections cannot be taken for now.
    Accept(String),
    /// The system does not say which address was taken.
    Address(String),
    /// Another program listens there.
    AddressInUse(SocketAddr),
    /// The system refuses the address.
    Bind(SocketAddr, String),
    /// The certificate file is missing, unreadable or not PEM.
    Certificate(PathBuf, String),
    /// The key file is missing, unreadable, not PEM or not the key of the certificate.
    Key(PathBuf, String),
}

impl ServerError {
    pub(super) fn from_bind(address: SocketAddr, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AddrInUse => Self::AddressInUse(address),
            _ => Self::Bind(address, error.to_string()),
        }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accept(problem) => write!(
                formatter,
                "cannot take new connections: {problem}; raise the limit of open files"
            ),
            Self::Address(problem) => {
                write!(formatter, "cannot listen: {problem}; choose another address with --listen")
            }
            Self::AddressInUse(address) => write!(
                formatter,
                "address is in use: {address}; stop the other program or choose another with \
                 --listen"
            ),
            Self::Bind(address, problem) => write!(
                formatter,
                "cannot listen: {address} ({problem}); choose another address with --listen"
            ),
            Self::Certificate(file, problem) => write!(
                formatter,
                "cannot use the certificate: {} ({problem}); name a PEM file that this user can \
                 read as tls.certificate",
                file.display()
            ),
            Self::Key(file, problem) => write!(
                formatter,
                "cannot use the key of the certificate: {} ({problem}); name the PEM file that \
                 belongs to tls.certificate as tls.key",
                file.display()
            ),
        }
    }
}

impl core::error::Error for ServerError {}
