//! Workers, such as the gateway, in their real runtime: workerd.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{LabError, Process, free_port, workerd_program};

/// How to start Workers.
#[derive(Debug)]
pub struct WorkerdOptions<'a> {
    /// The folder with the bundle, such as [`super::worker`].
    pub worker: &'a Path,
    /// A folder for the configuration and what goes with it; made if missing.
    pub folder: &'a Path,
    /// The policy of all gateways; anything for other Workers.
    pub policy: &'a Value,
    /// Where admitted requests go.
    pub upstream: SocketAddr,
    /// How the Workers know it.
    pub way: Way,
    /// The compatibility date: which behaviour of the runtime the Workers get.
    pub date: &'a str,
    /// Variables beside `POLICY` and that of the upstream.
    pub variables: &'a [(&'a str, &'a str)],
    /// Where the Workers listen. Each is an isolate of its own.
    pub ports: &'a [u16],
    /// What the isolates have in common.
    pub shared: Shared,
}

/// How Workers know the upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By its URL, in `ORIGIN`.
    Url,
    /// As a service that is bound to `UPSTREAM`.
    Binding,
}

impl Way {
    fn binding(self, upstream: SocketAddr) -> String {
        match self {
            Self::Url => format!("    (name = \"ORIGIN\", text = \"http://{upstream}\"),\n"),
            Self::Binding => "    (name = \"UPSTREAM\", service = \"upstream\"),\n".to_owned(),
        }
    }
}

/// What the isolates have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// One cache, as in a data centre.
    Cache,
    /// As all over the world: a store, and an object that remembers proofs, for Workers that export it.
    StoreAndReplays,
}

impl Shared {
    fn lines(self) -> &'static str {
        match self {
            Self::Cache => r#"cacheApiOutbound = "cache","#,
            Self::StoreAndReplays => {
                r#"durableObjectNamespaces = [ (className = "Replays", uniqueKey = "replays", enableSql = true) ],
  durableObjectStorage = (localDisk = "disk"),"#
            }
        }
    }

    /// The object of the first Worker is that of all.
    fn bindings(self, first: u16) -> String {
        match self {
            Self::Cache => String::new(),
            Self::StoreAndReplays => format!(
                r#"    (name = "EDGELATCH_STORE", kvNamespace = "store"),
    (name = "EDGELATCH_REPLAYS", durableObjectNamespace = (className = "Replays", serviceName = "{first}")),
"#
            ),
        }
    }
}

/// Running Workers.
#[derive(Debug)]
pub struct Workerd {
    /// The process.
    pub process: Process,
}

impl Workerd {
    /// Starts workerd and waits until every Worker listens.
    pub fn start(options: &WorkerdOptions<'_>) -> Result<Self, LabError> {
        let folder = options.folder;
        let objects = folder.join("objects");
        fs::create_dir_all(&objects).map_err(LabError::file("make", &objects))?;
        for file in ["worker.js", "core_bg.wasm"] {
            copy(options.worker, file, folder)?;
        }
        write(&folder.join("cache.js"), CACHE)?;
        write(&folder.join("store.js"), STORE)?;
        write(&folder.join("policy.json"), &options.policy.to_string())?;
        let config = folder.join("config.capnp");
        write(&config, &configuration(options))?;
        let mut command = Command::new(workerd_program()?);
        command.arg("serve").arg(&config);
        let mut process = Process::start(command, &folder.join("workerd.log"))?;
        for port in options.ports {
            let address = SocketAddr::from(([127, 0, 0, 1], *port));
            process.wait_until(|| TcpStream::connect(address).ok())?;
        }
        Ok(Self { process })
    }

    /// What the Workers have logged so far.
    pub fn log(&self) -> String {
        self.process.output()
    }
}

/// The newest compatibility date that this workerd knows.
pub const NEWEST: &str = "2026-11-17";

/// So many free ports.
pub fn free_ports(count: usize) -> Result<Vec<u16>, LabError> {
    (0..count).map(|_| free_port()).collect()
}

fn configuration(options: &WorkerdOptions<'_>) -> String {
    let WorkerdOptions { folder, upstream, way, date, variables, ports, shared, .. } = options;
    let service = |port: &u16| format!("    (name = \"{port}\", worker = .main),\n");
    let socket = |port: &u16| {
        format!(
            "    (name = \"{port}\", address = \"127.0.0.1:{port}\", http = (), service = \"{port}\"),\n"
        )
    };
    let text = |(name, value): &(&str, &str)| format!("    (name = {name:?}, text = {value:?}),\n");
    let services: String = ports.iter().map(service).collect();
    let sockets: String = ports.iter().map(socket).collect();
    let variables: String = variables.iter().map(text).collect();
    let bindings = shared.bindings(ports.first().copied().unwrap_or_default());
    let bindings = variables + &way.binding(*upstream) + &bindings;
    let objects = folder.join("objects");
    CONFIGURATION
        .replace("SERVICES\n", &services)
        .replace("SOCKETS\n", &sockets)
        .replace("VARIABLES\n", &bindings)
        .replace("SHARED", shared.lines())
        .replace("UPSTREAM_ADDRESS", &upstream.to_string())
        .replace("DATE", date)
        .replace("OBJECTS", &objects.to_string_lossy())
}

fn copy(from: &Path, name: &str, to: &Path) -> Result<(), LabError> {
    let source = from.join(name);
    fs::copy(&source, to.join(name)).map_err(LabError::file("copy", &source))?;
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), LabError> {
    fs::write(path, text).map_err(LabError::file("write", path))
}

/// Without `internet`, Workers reach no address of this machine, and so no issuer on it.
const CONFIGURATION: &str = r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["local"])),
    (name = "upstream", external = (address = "UPSTREAM_ADDRESS", http = ())),
    (name = "cache", worker = .cache),
    (name = "store", worker = .store),
    (name = "disk", disk = (path = "OBJECTS", writable = true)),
SERVICES
  ],
  sockets = [
SOCKETS
  ],
);

const main :Workerd.Worker = (
  compatibilityDate = "DATE",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "core_bg.wasm", wasm = embed "core_bg.wasm"),
  ],
  bindings = [
    (name = "POLICY", json = embed "policy.json"),
VARIABLES
  ],
  SHARED
);

const cache :Workerd.Worker = (
  compatibilityDate = "2026-11-17",
  modules = [ (name = "cache.js", esModule = embed "cache.js") ],
);

const store :Workerd.Worker = (
  compatibilityDate = "2026-11-17",
  modules = [ (name = "store.js", esModule = embed "store.js") ],
);
"#;

/// The cache of a data centre, as workerd wants to be told: HTTP in, HTTP out.
const CACHE: &str = include_str!("../worker/cache.js");

/// A KV namespace, in the same way.
const STORE: &str = include_str!("../worker/store.js");
