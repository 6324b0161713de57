//! All Workers in one workerd, so that they share whatever the process does beside them.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::{Process, free_ports, run, workerd_program};

use super::Failure;
use super::ground::{Ground, modules};
use super::load::{Load, Until};
use super::process_table;
use super::rows::Worker;
use super::tokens::{AUDIENCE, ISSUER};
use super::traffic::Traffic;

/// The running process.
pub(crate) struct Workerd {
    process: Process,
    lines: Vec<Line>,
}

/// The connections to one Worker.
struct Line {
    worker: Worker,
    address: SocketAddr,
    load: Load,
    used: Instant,
}

impl Workerd {
    /// Bundles the scripts, and starts them all.
    pub(crate) fn start(ground: &Ground) -> Result<Self, Failure> {
        let folder = ground.folder();
        bundle(folder)?;
        fs::write(folder.join("policy.json"), ground.policy().to_string())?;
        fs::write(folder.join("keys.json"), ground.key_set.to_string())?;
        let ports = free_ports(Worker::ALL.len())?;
        let config = folder.join("config.capnp");
        fs::write(&config, configuration(&ports))?;
        let mut command = Command::new(workerd_program()?);
        command.arg("serve").arg(&config);
        let mut process = Process::start(command, &folder.join("workerd.log"))?;
        let mut lines = Vec::new();
        for (worker, port) in Worker::ALL.into_iter().zip(ports) {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            process.wait_until(|| TcpStream::connect(address).ok())?;
            lines.push(Line {
                worker,
                address,
                load: Load::connect(address)?,
                used: Instant::now(),
            });
        }
        Ok(Self { process, lines })
    }

    /// Sends without measuring.
    pub(crate) fn send(
        &mut self,
        worker: Worker,
        traffic: &mut dyn Traffic,
        until: Until,
    ) -> Result<u32, Failure> {
        let mut lines = self.lines.iter_mut();
        let line = lines.find(|line| line.worker == worker).ok_or("no such Worker")?;
        line.send(traffic, until).map_err(|error| format!("{}: {error}", worker.name()).into())
    }

    /// Sends, and returns the CPU time of the process per request in microseconds.
    pub(crate) fn measure(
        &mut self,
        worker: Worker,
        traffic: &mut dyn Traffic,
        until: Until,
    ) -> Result<f64, Failure> {
        let process = self.process.id();
        let before = process_table::cpu_time(process)?;
        let requests = self.send(worker, traffic, until)?;
        let used = process_table::cpu_time(process)?.saturating_sub(before);
        Ok(used.as_secs_f64() * 1e6 / f64::from(requests.max(1)))
    }
}

impl Line {
    /// Over new connections after a pause: workerd closes those that are idle for five seconds.
    fn send(&mut self, traffic: &mut dyn Traffic, until: Until) -> Result<u32, Failure> {
        if self.used.elapsed() > MAXIMUM_PAUSE {
            self.load = Load::connect(self.address)?;
        }
        let requests = self.load.run(traffic, until)?;
        self.used = Instant::now();
        Ok(requests)
    }
}

const MAXIMUM_PAUSE: Duration = Duration::from_secs(3);

/// As a program would be that has installed the packages.
fn bundle(folder: &Path) -> Result<(), Failure> {
    let mut esbuild = Command::new("node");
    esbuild.current_dir(folder).arg(modules().join("esbuild/bin/esbuild"));
    esbuild.args(["worker_empty.js", "worker_jose.js", "worker_ours.js", "--outdir=bundles"]);
    esbuild.args(["--bundle", "--format=esm", "--target=es2022", "--external:cloudflare:*"]);
    esbuild.args(["--conditions=workerd,worker,browser", "--log-level=warning"]);
    esbuild.args(["--loader:.wasm=copy", "--asset-names=[name]"]);
    run(esbuild)?;
    Ok(())
}

fn configuration(ports: &[u16]) -> String {
    let workers = Worker::ALL.into_iter().zip(ports);
    let services: String = Worker::ALL.into_iter().map(service).collect();
    let sockets: String = workers.map(|(worker, port)| socket(worker, *port)).collect();
    CONFIGURATION
        .replace("SERVICES\n", &services)
        .replace("SOCKETS\n", &sockets)
        .replace("THE_ISSUER", ISSUER)
        .replace("THE_AUDIENCE", AUDIENCE)
}

fn service(worker: Worker) -> String {
    let (name, script) = (worker.name(), worker.script().replace("worker_", ""));
    format!("    (name = \"{name}\", worker = .{script}),\n")
}

fn socket(worker: Worker, port: u16) -> String {
    let name = worker.name();
    format!(
        "    (name = \"{name}\", address = \"127.0.0.1:{port}\", http = (), service = \"{name}\"),\n"
    )
}

const CONFIGURATION: &str = r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
SERVICES
  ],
  sockets = [
SOCKETS
  ],
);

const empty :Workerd.Worker = (
  compatibilityDate = "2026-11-17",
  modules = [ (name = "worker.js", esModule = embed "bundles/worker_empty.js") ],
);

const jose :Workerd.Worker = (
  compatibilityDate = "2026-11-17",
  modules = [ (name = "worker.js", esModule = embed "bundles/worker_jose.js") ],
  bindings = [
    (name = "KEY_SET", json = embed "keys.json"),
    (name = "ISSUER", text = "THE_ISSUER"),
    (name = "AUDIENCE", text = "THE_AUDIENCE"),
  ],
);

const ours :Workerd.Worker = (
  compatibilityDate = "2026-11-17",
  modules = [
    (name = "worker.js", esModule = embed "bundles/worker_ours.js"),
    (name = "core_bg.wasm", wasm = embed "bundles/core_bg.wasm"),
  ],
  bindings = [ (name = "POLICY", json = embed "policy.json") ],
);
"#;
