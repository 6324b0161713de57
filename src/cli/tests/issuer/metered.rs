//! An issuer whose metrics are read, which tell what it is doing.

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};
use std::ops::Deref;
use std::path::Path;

use super::harness::{Answer, Running, eventually};
use super::ports::free_port;

pub(super) struct Metered {
    running: Running,
    port: u16,
}

impl Metered {
    pub(super) fn start(folder: &Path) -> Self {
        let port = free_port();
        let file = folder.join("issuer.yaml");
        let config = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{config}metrics_listen: 127.0.0.1:{port}\n")).unwrap();
        Self { running: Running::start(folder, "127.0.0.1:0"), port }
    }

    pub(super) fn metrics(&self) -> Answer {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        let request = b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        stream.write_all(request).unwrap();
        Answer::read(&mut stream)
    }

    /// Waits until one edge waits for the next list.
    pub(super) fn wait_for_an_edge(&self) {
        eventually(|| self.metrics().body.contains("edgelatch_waiting_edges 1\n"));
    }

    pub(super) fn terminate(self) -> Option<i32> {
        self.running.terminate()
    }
}

impl Deref for Metered {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}
