//! `edgelatch init`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use edgelatch_issuer::{
    Created, Environment, MASTER_KEY_VARIABLE, NewIssuer, SigningAlgorithm, TlsPaths, create,
};

use crate::failure::Failure;
use crate::folder::{Folder, issuer_url, master_key_text};
use crate::{output, runtime};

/// Make a new issuer: configuration, database, master key, first signing key
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// Name of the issuer, `iss` in every token; https, or http for a loopback host
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// Where to listen; beyond loopback only with a certificate
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// How to sign tokens
    #[arg(long, value_enum, default_value_t = Algorithm::Es256)]
    algorithm: Algorithm,
    /// Certificate for TLS with its chain, PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// File of the master key, made if missing [default: DIR/master.key, unless the environment
    /// variable `EDGELATCH_MASTER_KEY` holds the key]
    #[arg(long, value_name = "FILE")]
    master_key_file: Option<PathBuf>,
    /// Word in client secrets that tells environments apart
    #[arg(long, value_name = "WORD", default_value = "live", value_parser = parse_environment)]
    environment: Environment,
}

#[derive(Clone, Copy, ValueEnum)]
enum Algorithm {
    #[value(name = "ES256")]
    Es256,
    #[value(name = "Ed25519")]
    Ed25519,
    #[value(name = "RS256")]
    Rs256,
}

pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    let master_key_text = master_key_text()?;
    if master_key_text.is_some() && arguments.master_key_file.is_some() {
        return Err(Failure::Mistake(format!(
            "two master keys: environment {MASTER_KEY_VARIABLE} and --master-key-file; unset the \
             variable or leave out the option"
        )));
    }
    let folder = arguments.folder.data();
    let new = NewIssuer {
        issuer: issuer_url(&arguments.issuer)?,
        listen: arguments.listen,
        algorithm: match arguments.algorithm {
            Algorithm::Es256 => SigningAlgorithm::Es256,
            Algorithm::Ed25519 => SigningAlgorithm::Ed25519,
            Algorithm::Rs256 => SigningAlgorithm::Rs256,
        },
        tls: arguments
            .tls_certificate
            .zip(arguments.tls_key)
            .map(|(certificate, key)| TlsPaths { certificate, key }),
        master_key_file: arguments.master_key_file,
        environment: arguments.environment,
        master_key_text,
    };
    let created = runtime::single()?.block_on(create(&folder, &new))?;
    show(&new, &created)?;
    let data = folder.path().display();
    output::line(&format!("\nnext: edgelatch serve --data {data}"))
}

fn show(new: &NewIssuer, created: &Created) -> Result<(), Failure> {
    output::line(&format!("issuer         {}", new.issuer.as_str()))?;
    output::line(&format!("configuration  {}", created.config_file.display()))?;
    output::line(&format!("database       {}", created.database_file.display()))?;
    let master_key = match &created.master_key_file {
        Some(file) => format!("{}  (keep a copy apart from the database)", file.display()),
        None => "from the environment".to_owned(),
    };
    output::line(&format!("master key     {master_key}"))?;
    output::line(&format!("signing key    {} {}", new.algorithm.name(), created.key_id))
}

fn parse_environment(word: &str) -> Result<Environment, &'static str> {
    Environment::try_from(word.to_owned())
}
