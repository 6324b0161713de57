//! One Envoy that is measured, and the connections to it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use edgelatch_tests::lab::{Envoy, EnvoyOptions, free_port};
use serde_json::Value;

use super::Failure;
use super::bootstrap;
use super::load::{Load, Until};
use super::process_table;
use super::traffic::Traffic;

/// A running Envoy with one worker.
pub(crate) struct Edge {
    envoy: Envoy,
    load: Load,
}

impl Edge {
    /// Starts an Envoy with these filters; `name` is for its log in `folder`.
    pub(crate) fn start(name: &str, filters: &Value, folder: &Path) -> Result<Self, Failure> {
        let port = free_port()?;
        let envoy = Envoy::start(&EnvoyOptions {
            config: bootstrap::config(port, filters, None),
            clock: None,
            concurrency: 1,
            log: folder.join(format!("{name}.log")),
        })?;
        let load = Load::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        Ok(Self { envoy, load })
    }

    /// Sends without measuring.
    pub(crate) fn send(&mut self, traffic: &mut dyn Traffic, until: Until) -> Result<(), Failure> {
        self.load.run(traffic, until)?;
        Ok(())
    }

    /// Sends, and returns the CPU time of Envoy per request in microseconds.
    pub(crate) fn measure(
        &mut self,
        traffic: &mut dyn Traffic,
        until: Until,
    ) -> Result<f64, Failure> {
        let process = self.envoy.process_id();
        let before = process_table::cpu_time(process)?;
        let requests = self.load.run(traffic, until)?;
        let after = process_table::cpu_time(process)?;
        let used = after.saturating_sub(before).as_secs_f64();
        Ok(used * 1e6 / f64::from(requests.max(1)))
    }

    /// The memory of the process, in bytes.
    pub(crate) fn resident_bytes(&self) -> Result<u64, Failure> {
        process_table::resident_bytes(self.envoy.process_id())
    }

    /// The linear memory of the largest WebAssembly machine, in bytes: that of the worker, since the others, which
    /// Envoy keeps to clone it and for its main thread, see no requests.
    pub(crate) fn machine_bytes(&self) -> Result<u64, Failure> {
        let machines = process_table::wasm_memories(self.envoy.process_id())?;
        machines.into_iter().max().ok_or_else(|| "no WebAssembly machine in the process".into())
    }

    /// The value of a counter of the filter.
    pub(crate) fn counter(&self, name: &str) -> Result<f64, Failure> {
        let statistics = self.envoy.ask(&format!("/stats?filter={name}"))?;
        let mut lines = statistics.lines().filter_map(|line| line.split_once(": "));
        let value = lines.find(|(full, _)| full.ends_with(name)).map(|(_, value)| value);
        Ok(f64::from(value.ok_or("a counter is missing")?.parse::<u32>()?))
    }

    /// What Envoy says of its own version: `commit/version/state/type/tls`.
    pub(crate) fn version(&self) -> Result<String, Failure> {
        let info: Value = serde_json::from_str(&self.envoy.ask("/server_info")?)?;
        let version = info.get("version").and_then(Value::as_str);
        Ok(version.ok_or("no version in /server_info")?.to_owned())
    }
}
