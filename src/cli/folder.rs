//! The data folder, as every command that works on an issuer names it.

use std::env::VarError;
use std::path::PathBuf;

use clap::Args;
use edgelatch_issuer::{Administration, DataFolder, IssuerUrl, MASTER_KEY_VARIABLE};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The option `--data`.
#[derive(Args)]
pub(crate) struct Folder {
    /// Folder of the issuer: configuration, database, master key
    #[arg(long, value_name = "DIR", env = "EDGELATCH_DATA", default_value = "./edgelatch-data")]
    data: PathBuf,
}

impl Folder {
    pub(crate) fn data(&self) -> DataFolder {
        DataFolder::at(self.data.clone())
    }

    /// Opens the issuer for changes.
    pub(crate) async fn open(&self) -> Result<Administration, Failure> {
        let text = master_key_text()?;
        Ok(Administration::open(&self.data(), text.as_ref().map(|text| text.as_str())).await?)
    }
}

/// The master key of the environment. Not a command-line option: those show in process lists.
pub(crate) fn master_key_text() -> Result<Option<Zeroizing<String>>, Failure> {
    match std::env::var(MASTER_KEY_VARIABLE) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(VarError::NotPresent) => Ok(None),
        // Not as if it were absent: another key would be taken, or a new one made.
        Err(VarError::NotUnicode(_)) => Err(Failure::Mistake(format!(
            "master key is not text: environment {MASTER_KEY_VARIABLE}; unset it or correct it"
        ))),
    }
}

/// The value of `--issuer`.
pub(crate) fn issuer_url(text: &str) -> Result<IssuerUrl, Failure> {
    IssuerUrl::parse(text).map_err(|problem| {
        let text = text.escape_debug();
        Failure::Mistake(format!("issuer URL cannot be used: --issuer {text}; {problem}"))
    })
}
