//! TLS from certificate files.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use tokio_rustls::TlsAcceptor;

use super::ServerError;

/// Reads certificate and key, both PEM, and checks that they belong together.
pub(crate) fn load(certificate: &Path, key: &Path) -> Result<TlsAcceptor, ServerError> {
    let chain = read_chain(certificate)?;
    check_first(&chain, certificate)?;
    let refuse_key = |problem: String| ServerError::Key(key.to_owned(), problem);
    let private_key =
        PrivateKeyDer::from_pem_file(key).map_err(|error| refuse_key(error.to_string()))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private_key))
        .map_err(|error| refuse_key(error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// PEM may hold anything. Found here, it is not blamed on the key.
fn check_first(chain: &[CertificateDer<'static>], file: &Path) -> Result<(), ServerError> {
    let parsed = chain.first().map(ParsedCertificate::try_from);
    match parsed {
        Some(Ok(_)) => Ok(()),
        _ => Err(ServerError::Certificate(file.to_owned(), "not an X.509 certificate".to_owned())),
    }
}

fn read_chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, ServerError> {
    let refuse = |problem: String| ServerError::Certificate(file.to_owned(), problem);
    let chain = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refuse(error.to_string()))?;
    if chain.is_empty() { Err(refuse("no certificate in it".to_owned())) } else { Ok(chain) }
}
