//! The text of a new `issuer.yaml`.

use std::path::Path;

use super::NewIssuer;
use crate::error::Error;

/// The configuration with a comment per field. Values are JSON strings, which YAML reads as such.
pub(super) fn config_text(new: &NewIssuer) -> Result<String, Error> {
    let mut text = format!(
        "# Configuration of one Edgelatch issuer. Paths are relative to this folder.\n\n\
         # The name of this issuer: `iss` in every token.\nissuer: {}\n\n\
         # Where to listen. Beyond this machine only with tls.\nlisten: {}\n\n\
         # The word in client secrets that tells environments apart.\nenvironment: {}\n",
        quoted(new.issuer.as_str()),
        quoted(&new.listen.to_string()),
        quoted(new.environment.as_str()),
    );
    if let Some(tls) = &new.tls {
        let (certificate, key) = (absolute(&tls.certificate)?, absolute(&tls.key)?);
        text.push_str("\n# PEM files: the certificate with its chain, and its key.\n");
        text = format!("{text}tls:\n  certificate: {certificate}\n  key: {key}\n");
    }
    if let Some(file) = &new.master_key_file {
        text.push_str("\n# The key that protects secrets and signing keys in the database.\n");
        text = format!("{text}master_key_file: {}\n", absolute(file)?);
    }
    Ok(text)
}

/// What the operator named is relative to the present folder, not to that of the issuer.
fn absolute(path: &Path) -> Result<String, Error> {
    let absolute = std::path::absolute(path).map_err(|error| Error::unwritable(path, &error))?;
    Ok(quoted(&absolute.display().to_string()))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
