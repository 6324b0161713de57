//! The load generator: keep-alive connections, served in turn by one thread.
//!
//! It shares the machine with Envoy, so it does as little as it can: no timers, no polling, a blocking read where the
//! answer is due. While it waits for one connection, Envoy has the requests of all others.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::Failure;
use super::answer;
use super::traffic::Traffic;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// After exactly so many requests, rounded up to full batches.
    Requests(u32),
    /// After the first batch that ends later.
    Elapsed(Duration),
}

/// Connections to one Envoy.
pub(crate) struct Load {
    connections: Vec<Connection>,
    /// Requests that a connection has under way at a time.
    depth: u32,
}

struct Connection {
    stream: TcpStream,
    /// Bytes that have arrived and belong to no whole answer yet.
    received: Vec<u8>,
    /// The statuses that are due, in order.
    due: VecDeque<u16>,
}

impl Load {
    /// One request per connection at a time, as programs send them.
    pub(crate) fn connect(address: SocketAddr) -> Result<Self, Failure> {
        Self::pipelined(address, 1)
    }

    /// Several requests per connection at a time, which is faster.
    pub(crate) fn pipelined(address: SocketAddr, depth: u32) -> Result<Self, Failure> {
        let connections: Result<_, Failure> =
            (0..CONNECTIONS).map(|_| Connection::open(address)).collect();
        Ok(Self { connections: connections?, depth })
    }

    /// Sends until it is time to stop, waits for the last answer, and returns how many there were.
    pub(crate) fn run(&mut self, traffic: &mut dyn Traffic, until: Until) -> Result<u32, Failure> {
        let start = Instant::now();
        let mut sent: u32 = 0;
        let mut batch = Vec::new();
        let depth = self.depth;
        let mut is_over = false;
        while !is_over {
            for connection in &mut self.connections {
                connection.receive_due()?;
                is_over = is_over
                    || match until {
                        Until::Requests(requests) => sent >= requests,
                        Until::Elapsed(time) => start.elapsed() >= time,
                    };
                if !is_over {
                    connection.send(traffic, depth, &mut batch)?;
                    sent = sent.saturating_add(depth);
                }
            }
        }
        self.connections.iter_mut().try_for_each(Connection::receive_due)?;
        Ok(sent)
    }
}

impl Connection {
    fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, received: Vec::new(), due: VecDeque::new() })
    }

    fn send(
        &mut self,
        traffic: &mut dyn Traffic,
        depth: u32,
        batch: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        batch.clear();
        for _ in 0..depth {
            self.due.push_back(traffic.next(batch));
        }
        Ok(self.stream.write_all(batch)?)
    }

    /// Reads until every answer that is due has arrived.
    fn receive_due(&mut self) -> Result<(), Failure> {
        let mut buffer = [0; 16 * 1024];
        while !self.due.is_empty() {
            let length = self.stream.read(&mut buffer)?;
            if length == 0 {
                return Err("envoy closed a connection".into());
            }
            self.received.extend(buffer.iter().take(length));
            self.take_answers()?;
        }
        Ok(())
    }

    fn take_answers(&mut self) -> Result<(), Failure> {
        let mut rest = self.received.as_slice();
        while let Some((status, length)) = answer::parse(rest)? {
            match self.due.pop_front() {
                Some(expected) if expected == status => {}
                Some(expected) => {
                    let text = String::from_utf8_lossy(rest.get(..length).unwrap_or(rest));
                    return Err(format!("{status} in place of {expected}:\n{text}").into());
                }
                None => return Err("an answer that nobody asked for".into()),
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        let taken = self.received.len().saturating_sub(rest.len());
        self.received.drain(..taken);
        Ok(())
    }
}

/// As in the measurements that the goals come from.
const CONNECTIONS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(20);
