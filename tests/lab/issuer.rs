//! The real issuer: the built binary on a data folder of its own.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::{LabError, Process, process, program};

/// How to set an issuer up.
#[derive(Debug)]
pub struct IssuerOptions<'a> {
    /// The folder for its data; must not exist yet.
    pub data: PathBuf,
    /// The issuer URL, byte for byte the `iss` of its tokens.
    pub url: &'a str,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Certificate chain and private key, PEM files; plain HTTP without.
    pub tls: Option<(&'a Path, &'a Path)>,
    /// Further arguments of `edgelatch init`.
    pub arguments: &'a [&'a str],
}

/// A running issuer.
#[derive(Debug)]
pub struct Issuer {
    process: Process,
    data: PathBuf,
}

/// What a client may ask for.
#[derive(Debug, Clone, Copy)]
pub struct ClientOptions<'a> {
    /// Its name, for people.
    pub name: &'a str,
    /// The scopes it may have.
    pub scopes: &'a [&'a str],
    /// The audiences that it may ask for; with exactly one that is the default.
    pub resources: &'a [&'a str],
    /// How long its tokens live, in seconds; `None` is the issuer's default.
    pub token_lifetime: Option<u32>,
}

/// The credentials of a registered client.
#[derive(Debug, Clone, Deserialize)]
pub struct Client {
    /// Its public name.
    pub client_id: String,
    /// Its secret, known only now.
    pub client_secret: String,
}

impl Issuer {
    /// Runs `edgelatch init` and `edgelatch serve`, and waits until it listens.
    pub fn start(options: &IssuerOptions<'_>) -> Result<Self, LabError> {
        process::run(init(options)?)?;
        Self::serve(&options.data)
    }

    /// The same with clients that it knows from its first moment on: a change by the command line reaches an issuer
    /// that runs a moment later.
    pub fn start_with<const N: usize>(
        options: &IssuerOptions<'_>,
        clients: [ClientOptions<'_>; N],
    ) -> Result<(Self, [Client; N]), LabError> {
        process::run(init(options)?)?;
        let clients = clients.map(|client| add_client(&options.data, &client));
        let clients = clients.into_iter().collect::<Result<Vec<_>, _>>()?;
        let clients =
            clients.try_into().map_err(|_| LabError::answer("another number of clients"))?;
        Ok((Self::serve(&options.data)?, clients))
    }

    /// Runs `edgelatch serve` on a folder that is set up already.
    pub fn serve(data: &Path) -> Result<Self, LabError> {
        let mut command = Command::new(program()?);
        command.arg("serve").arg("--data").arg(data);
        let log = data.with_extension("log");
        let mut process = Process::start(command, &log)?;
        process.wait_until(|| {
            fs::read_to_string(&log).ok().filter(|text| text.contains("listening on"))
        })?;
        Ok(Self { process, data: data.to_owned() })
    }

    /// Registers a client by `edgelatch client add`, while the issuer runs.
    pub fn add_client(&self, options: &ClientOptions<'_>) -> Result<Client, LabError> {
        add_client(&self.data, options)
    }

    /// `edgelatch client <change> <client id>`, ready to be started.
    pub fn change_client(&self, change: &str, client_id: &str) -> Result<Command, LabError> {
        let mut command = Command::new(program()?);
        command.args(["client", change, client_id, "--data"]).arg(&self.data);
        Ok(command)
    }

    /// What the issuer has written, audit lines included.
    pub fn output(&self) -> String {
        self.process.output()
    }
}

fn init(options: &IssuerOptions<'_>) -> Result<Command, LabError> {
    let mut command = Command::new(program()?);
    command.args(["init", "--issuer", options.url, "--data"]).arg(&options.data);
    command.args(["--listen", &options.listen.to_string()]);
    if let Some((certificate, key)) = options.tls {
        command.arg("--tls-certificate").arg(certificate).arg("--tls-key").arg(key);
    }
    command.args(options.arguments);
    Ok(command)
}

fn add_client(data: &Path, options: &ClientOptions<'_>) -> Result<Client, LabError> {
    let mut command = Command::new(program()?);
    command.args(["client", "add", options.name, "--json", "--data"]).arg(data);
    for scope in options.scopes {
        command.args(["--scope", scope]);
    }
    for resource in options.resources {
        command.args(["--resource", resource]);
    }
    if let Some(seconds) = options.token_lifetime {
        command.args(["--token-lifetime", &seconds.to_string()]);
    }
    let output = process::run(command)?;
    serde_json::from_str(&output)
        .map_err(|error| LabError::answer(format!("{error} in the output of `client add`")))
}
