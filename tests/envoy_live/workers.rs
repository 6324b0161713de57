//! A connection to each of two workers.

use std::net::SocketAddr;

use edgelatch_tests::lab::Envoy;
use edgelatch_tests::lab::http::{Connection, Response};

use super::edge::{patient, wait_until};

/// Which worker.
pub(crate) const BOTH: [usize; 2] = [0, 1];

pub(crate) struct Workers([Connection; 2]);

impl Workers {
    /// Connects to an Envoy that balances connections exactly and has no other ones.
    pub(crate) fn connect(envoy: &Envoy, address: SocketAddr) -> Self {
        wait_for_connections(envoy, address, 0);
        let workers = Self([(); 2].map(|()| Connection::open(address).unwrap()));
        wait_for_connections(envoy, address, 1);
        workers
    }

    /// Asks one of them for an order.
    pub(crate) fn get(&mut self, worker: usize, token: &str) -> Response {
        self.get_with(worker, token, "")
    }

    /// The same with more header lines, each with its line break.
    pub(crate) fn get_with(&mut self, worker: usize, token: &str, headers: &str) -> Response {
        let line = "GET /orders/1 HTTP/1.1\r\nhost: api\r\n";
        let request = format!("{line}authorization: Bearer {token}\r\n{headers}\r\n");
        self.0[worker].exchange(request.as_bytes()).unwrap()
    }

    /// What both answer to a request that may have to wait for keys.
    pub(crate) fn patient_statuses(&mut self, token: &str) -> [u16; 2] {
        BOTH.map(|worker| patient(|| self.get(worker, token)).status)
    }

    /// What both answer.
    pub(crate) fn statuses(&mut self, token: &str) -> [u16; 2] {
        BOTH.map(|worker| self.get(worker, token).status)
    }
}

/// Waits until each worker has so many connections.
fn wait_for_connections(envoy: &Envoy, address: SocketAddr, number: usize) {
    let of_listener = format!("_{}.worker_", address.port());
    let end = format!(": {number}");
    wait_until("the workers' connections", || {
        let stats = envoy.ask("/stats?filter=worker_.*downstream_cx_active").unwrap();
        let lines = stats.lines().filter(|line| line.contains(&of_listener));
        lines.filter(|line| line.ends_with(&end)).count() == 2
    });
}
