//! A throw-away certificate authority and a server certificate for loopback.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// PEM files.
pub(crate) struct Certificates {
    /// The certificate of the authority: what a client trusts.
    pub(crate) authority: PathBuf,
    /// The certificate of the server, for `localhost` and `127.0.0.1`.
    pub(crate) server: PathBuf,
    /// The private key of the server.
    pub(crate) key: PathBuf,
}

impl Certificates {
    pub(crate) fn make(folder: &Path) -> Self {
        let authority = authority();
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
        Self {
            authority: write(folder, "authority.pem", &authority.pem()),
            server: write(folder, "server.pem", &server.pem()),
            key: write(folder, "server-key.pem", &key.serialize_pem()),
        }
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut parameters = CertificateParams::new([]).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // Not the default name, which the server's certificate has too: it would look self-signed.
    parameters.distinguished_name.push(DnType::CommonName, "test authority");
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}
