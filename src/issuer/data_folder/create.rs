//! Making a new issuer: all of it, or nothing.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::DataFolder;
use crate::config::{Config, Environment, IssuerUrl};
use crate::error::Error;
use crate::master_key::{self, MasterKey};
use crate::signing::SigningAlgorithm;
use crate::snapshot::generate_key;
use crate::store::{Store, StoreError};
use crate::{clock, server};

/// What an operator decides about a new issuer.
#[derive(Debug, Clone)]
pub struct NewIssuer {
    /// The issuer identifier.
    pub issuer: IssuerUrl,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How to sign.
    pub algorithm: SigningAlgorithm,
    /// Certificate and key for TLS.
    pub tls: Option<TlsPaths>,
    /// Another place for the master key than `master.key` in the folder.
    pub master_key_file: Option<PathBuf>,
    /// The word in client secrets.
    pub environment: Environment,
    /// The master key from the environment, if it is there.
    pub master_key_text: Option<zeroize::Zeroizing<String>>,
}

/// PEM files, as the operator named them.
#[derive(Debug, Clone)]
pub struct TlsPaths {
    /// The certificate with its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Created {
    /// The configuration file.
    pub config_file: PathBuf,
    /// The database.
    pub database_file: PathBuf,
    /// The file of the master key; none when it is in the environment.
    pub master_key_file: Option<PathBuf>,
    /// The `kid` of the first signing key.
    pub key_id: String,
}

/// Makes a new issuer. Refuses to touch an existing one; removes its own traces when it fails.
pub async fn create(folder: &DataFolder, new: &NewIssuer) -> Result<Created, Error> {
    let (config_file, database_file) = (folder.config_file(), folder.database_file());
    for file in [&config_file, &database_file] {
        if file.exists() {
            return Err(StoreError::Exists(file.clone()).into());
        }
    }
    let text = config_text(new)?;
    let config = Config::parse(&text, &config_file)?;
    config.check_listen(&config_file)?;
    if let Some(tls) = &new.tls {
        server::load_tls(&tls.certificate, &tls.key)?;
    }
    make_folder(folder.path())?;
    let master_key_file = folder.resolve(&config.master_key_file);
    let had_key = master_key_file.exists();
    let made = fill(folder, new, &text, &master_key_file).await;
    // If another `init` was faster, the files are its files.
    if made.as_ref().is_err_and(|error| !matches!(error, Error::Store(StoreError::Exists(_)))) {
        remove_traces(folder, (!had_key).then_some(master_key_file.as_path()));
    }
    let in_file = new.master_key_text.is_none();
    made.map(|key_id| Created {
        config_file,
        database_file,
        master_key_file: in_file.then_some(master_key_file),
        key_id,
    })
}

async fn fill(
    folder: &DataFolder,
    new: &NewIssuer,
    config_text: &str,
    master_key_file: &Path,
) -> Result<String, Error> {
    let text = new.master_key_text.as_ref().map(|text| text.as_str());
    let master_key = master_key::load_or_create(text, master_key_file)?;
    let key_id = make_database(&folder.database_file(), new.algorithm, &master_key).await?;
    // Last: a folder with a configuration is a whole issuer.
    write_private(&folder.config_file(), config_text)?;
    Ok(key_id)
}

async fn make_database(
    file: &Path,
    algorithm: SigningAlgorithm,
    master_key: &MasterKey,
) -> Result<String, Error> {
    let mut store = Store::create(file, master_key).await?;
    let key = generate_key(algorithm, &master_key.sealer(), clock::now())?;
    store.add_key(&key).await?;
    store.close().await?;
    Ok(key.key_id)
}

fn make_folder(path: &Path) -> Result<(), Error> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|error| unwritable(path, &error))
}

fn write_private(file: &Path, text: &str) -> Result<(), Error> {
    let write = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut opened = options.write(true).create_new(true).mode(0o600).open(file)?;
        opened.write_all(text.as_bytes())?;
        opened.sync_all()
    };
    write().map_err(|error| unwritable(file, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::Unwritable { path: path.to_owned(), problem: error.to_string() }
}

/// Removes what a failed attempt left, so that the next one starts clean.
fn remove_traces(folder: &DataFolder, master_key_file: Option<&Path>) {
    let database = folder.database_file();
    let beside = |suffix: &str| PathBuf::from(format!("{}{suffix}", database.display()));
    let files = [folder.config_file(), beside(""), beside("-wal"), beside("-shm")];
    for file in files.iter().map(PathBuf::as_path).chain(master_key_file) {
        // Most of them were never made.
        let _ = fs::remove_file(file);
    }
}

/// The configuration with a comment per field. Values are JSON strings, which YAML reads as such.
fn config_text(new: &NewIssuer) -> Result<String, Error> {
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
    let absolute = std::path::absolute(path).map_err(|error| unwritable(path, &error))?;
    Ok(quoted(&absolute.display().to_string()))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
