//! Making a new issuer: all of it, or nothing.

use std::fs::{DirBuilder, File};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::DataFolder;
use super::config_text::config_text;
use super::lock::lock;
use super::traces::Traces;
use crate::config::{Config, Environment, IssuerUrl};
use crate::error::Error;
use crate::master_key::{self, MasterKey};
use crate::signing::SigningAlgorithm;
use crate::snapshot::generate_key;
use crate::store::Store;
use crate::{clock, private_file, server};

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

/// Makes a new issuer. Refuses to touch an existing one; removes what it made when it fails.
pub async fn create(folder: &DataFolder, new: &NewIssuer) -> Result<Created, Error> {
    folder.check_without_issuer()?;
    let config_file = folder.config_file();
    let text = config_text(new)?;
    let config = Config::parse(&text, &config_file)?;
    config.check_scheme(&config_file)?;
    config.check_listen(config.listen, "--listen")?;
    if let Some(tls) = &new.tls {
        server::load_tls(&tls.certificate, &tls.key)?;
    }
    make_folder(folder.path())?;
    let locked = lock(folder.path())?;
    // Only now: before, another `init` may have been half way.
    folder.check_without_issuer()?;
    folder.check_finished()?;
    let master_key_file = folder.resolve(&config.master_key_file);
    let key_id = fill(folder, new, &text, &master_key_file).await?;
    sync_folder(&locked, folder.path())?;
    let in_file = new.master_key_text.is_none();
    Ok(Created {
        config_file,
        database_file: folder.database_file(),
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
    let mut traces = Traces::default();
    let master_key = provide_master_key(folder, new, master_key_file, &mut traces)?;
    Store::reserve(&folder.database_file())?;
    folder.database_files().into_iter().for_each(|file| traces.add(file));
    let key_id = make_database(&folder.database_file(), new.algorithm, &master_key).await?;
    // Last: a folder with a configuration is a whole issuer.
    let config_file = folder.config_file();
    private_file::create(&config_file, config_text)
        .map_err(|error| Error::unwritable(&config_file, &error))?;
    traces.keep();
    Ok(key_id)
}

/// The master key that is there already, or a new one.
fn provide_master_key(
    folder: &DataFolder,
    new: &NewIssuer,
    file: &Path,
    traces: &mut Traces,
) -> Result<MasterKey, Error> {
    let text = new.master_key_text.as_ref().map(|text| text.as_str());
    if text.is_some() || file.exists() {
        return Ok(master_key::load(text, file)?);
    }
    let master_key = master_key::create(file)?;
    // Elsewhere the `init` of another folder may have begun to rely on it, which no lock of ours
    // prevents; a key too many does no harm.
    if file.parent() == Some(folder.path()) {
        traces.add(file.to_owned());
    }
    Ok(master_key)
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
    made.map_err(|error| Error::unwritable(path, &error))
}

/// After a power cut either all names are there or `init` has not said that it is done.
fn sync_folder(folder: &File, path: &Path) -> Result<(), Error> {
    folder.sync_all().map_err(|error| Error::unwritable(path, &error))
}
