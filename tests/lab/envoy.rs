//! A real Envoy with a given configuration.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Clock, LabError, Process, envoy_program, http, process, repository, test_clock};

/// How to start an Envoy.
#[derive(Debug)]
pub struct EnvoyOptions<'a> {
    /// The bootstrap configuration as YAML. Without an `admin` section it gets one on a port of Envoy's choice.
    pub config: String,
    /// The wall clock to run under; `None` is the real one.
    pub clock: Option<&'a Clock>,
    /// Worker threads. Each has its own instance of the filter.
    pub concurrency: u32,
    /// Where Envoy's own log goes. The configuration is left beside it, with the extension `yaml`.
    pub log: PathBuf,
}

/// A running Envoy that has said that it is ready.
#[derive(Debug)]
pub struct Envoy {
    process: Process,
    admin: SocketAddr,
}

impl Envoy {
    /// Starts Envoy in the root of the repository and waits until its listeners work.
    pub fn start(options: &EnvoyOptions<'_>) -> Result<Self, LabError> {
        let config = write_config(&options.config, &options.log)?;
        let admin_file = options.log.with_extension("admin");
        let _ = fs::remove_file(&admin_file);

        let mut command = command(&options.config, &config)?;
        command.arg("--concurrency").arg(options.concurrency.to_string());
        command.arg("--admin-address-path").arg(&admin_file);
        // Envoy keeps access log lines for ten seconds; who reads them here does not want to wait.
        command.args(["--file-flush-interval-msec", "20"]);
        if let Some(clock) = options.clock {
            command.env("LD_PRELOAD", test_clock()?).env("EDGELATCH_CLOCK_FILE", clock.path());
        }

        let mut process = Process::start(command, &options.log)?;
        let admin = process.wait_until(|| ready_admin(&admin_file))?;
        Ok(Self { process, admin })
    }

    /// Has Envoy check a configuration without serving it. The error is what Envoy wrote.
    pub fn validate(config: &str) -> Result<(), String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let file = write_config(config, &folder.path().join("validate.log"))
            .map_err(|error| error.to_string())?;
        let mut command = command(config, &file).map_err(|error| error.to_string())?;
        command.arg("--mode").arg("validate");
        match process::run(command) {
            Ok(_) => Ok(()),
            Err(LabError::Ended { output, .. }) => Err(output),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Its number in the process table.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// The address of the admin interface.
    pub fn admin(&self) -> SocketAddr {
        self.admin
    }

    /// What the admin interface says at `path`, for example `/stats`.
    pub fn ask(&self, path: &str) -> Result<String, LabError> {
        Ok(http::get(self.admin, path)?.text())
    }

    /// The memory that Envoy takes at the moment; known on Linux only.
    pub fn resident_bytes(&self) -> Result<u64, LabError> {
        self.process.resident_bytes()
    }

    /// Envoy's own log so far.
    pub fn log(&self) -> String {
        self.process.output()
    }
}

fn command(config: &str, file: &Path) -> Result<Command, LabError> {
    let mut command = Command::new(envoy_program()?);
    command.current_dir(repository()).arg("--config-path").arg(file);
    command.args(["--disable-hot-restart", "--log-level", "warning"]);
    command.args(["--component-log-level", "wasm:info"]);
    if !config.lines().any(|line| line.starts_with("admin:")) {
        command.arg("--config-yaml").arg(ADMIN);
    }
    Ok(command)
}

fn write_config(config: &str, log: &Path) -> Result<PathBuf, LabError> {
    let path = log.with_extension("yaml");
    fs::write(&path, config).map_err(LabError::file("write", &path))?;
    Ok(path)
}

/// The admin address, once Envoy serves: its file is written before the listeners are up.
fn ready_admin(file: &Path) -> Option<SocketAddr> {
    let address = fs::read_to_string(file).ok()?.trim().parse().ok()?;
    let response = http::get(address, "/ready").ok()?;
    (response.status == 200).then_some(address)
}

const ADMIN: &str = "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}";
