//! A job in workerd.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;

use edgelatch_tests::lab::{self, Process};

use super::installed::Installed;
use super::programs::bundle;

/// Bundles the job as Workers are bundled, and asks it by HTTP.
pub(crate) fn run(installed: &Installed, date: &str, input: &str) -> String {
    let folder = installed.path();
    bundle(folder, "workerd.js", "workerd/worker.js", &["--conditions=workerd,worker,browser"]);
    let port = lab::free_port().unwrap();
    let config = folder.join("workerd/config.capnp");
    fs::write(&config, CONFIGURATION.replace("DATE", date).replace("PORT", &port.to_string()))
        .unwrap();
    let mut workerd = Command::new(lab::workerd_program().unwrap());
    workerd.arg("serve").arg(config);
    let mut process = Process::start(workerd, &folder.join("workerd/log")).unwrap();
    let stream = process.wait_until(|| TcpStream::connect(("127.0.0.1", port)).ok()).unwrap();
    let answer = post(stream, input);
    assert!(answer.is_ok(), "{answer:?}\n{}", process.output());
    answer.unwrap()
}

/// HTTP/1.0, so that the end of the answer is the end of the connection.
fn post(mut stream: TcpStream, input: &str) -> Result<String, String> {
    let length = input.len();
    let head = format!("POST / HTTP/1.0\r\nhost: worker\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), input.as_bytes()].concat()).map_err(|e| e.to_string())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(|error| error.to_string())?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.contains(" 200 ") => Ok(body.to_owned()),
        _ => Err(answer),
    }
}

const CONFIGURATION: &str = r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .main) ],
  sockets = [ (name = "http", address = "127.0.0.1:PORT", http = (), service = "main") ],
);

const main :Workerd.Worker = (
  compatibilityDate = "DATE",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "core_bg.wasm", wasm = embed "core_bg.wasm"),
  ],
);
"#;
