//! A connection to each of two workers.

use std::net::SocketAddr;

use edgelatch_tests::lab::Envoy;
use edgelatch_tests::lab::http::{Connection, Response};

use super::edge::wait_until;

/// Which worker.
pub(crate) const BOTH: [usize; 2] = [0, 1];

pub(crate) struct Workers([Connection; 2]);

impl Workers {
    /// Connects to an Envoy that balances connections exactly, and makes sure that both workers have one.
    pub(crate) fn connect(envoy: &Envoy, address: SocketAddr) -> Self {
        let workers = Self([(); 2].map(|()| Connection::open(address).unwrap()));
        wait_until("each worker has a connection", || {
            let stats = envoy.ask("/stats?filter=worker_.*downstream_cx_active").unwrap();
            let of_listener = format!("_{}.worker_", address.port());
            let lines = stats.lines().filter(|line| line.contains(&of_listener));
            lines.filter(|line| line.ends_with(": 1")).count() == 2
        });
        workers
    }

    /// Asks one of them for an order.
    pub(crate) fn get(&mut self, worker: usize, token: &str) -> Response {
        let request =
            format!("GET /orders/1 HTTP/1.1\r\nhost: api\r\nauthorization: Bearer {token}\r\n\r\n");
        self.0[worker].exchange(request.as_bytes()).unwrap()
    }

    /// What both answer.
    pub(crate) fn statuses(&mut self, token: &str) -> [u16; 2] {
        BOTH.map(|worker| self.get(worker, token).status)
    }
}
