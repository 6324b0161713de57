//! The load generator: keep-alive connections, served in turn by one thread.
//!
//! It shares the machine with the server, so it does as little as it can: no timers, no polling, a blocking read where the
//! answer is due. While it waits for one connection, the server has the requests of all others. One request at a time per
//! connection, as programs send them; Envoy closes a connection with more, since the answers here are its own.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::Failure;
use super::answer;
use super::traffic::Traffic;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Until {
    /// After exactly so many requests.
    Requests(u32),
    /// After the first answer that comes later.
    Elapsed(Duration),
}

/// Connections to one server.
pub(crate) struct Load {
    connections: Vec<Connection>,
}

struct Connection {
    stream: TcpStream,
    /// Bytes of the answer that have arrived.
    received: Vec<u8>,
    /// The status that is due, if a request is under way.
    due: Option<u16>,
}

impl Load {
    pub(crate) fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let connections: Result<_, Failure> =
            (0..CONNECTIONS).map(|_| Connection::open(address)).collect();
        Ok(Self { connections: connections? })
    }

    /// Sends until it is time to stop, waits for the last answer, and returns how many there were.
    pub(crate) fn run(&mut self, traffic: &mut dyn Traffic, until: Until) -> Result<u32, Failure> {
        let start = Instant::now();
        let mut sent: u32 = 0;
        let mut request = Vec::new();
        let is_over = |sent| match until {
            Until::Requests(requests) => sent >= requests,
            Until::Elapsed(time) => start.elapsed() >= time,
        };
        while !is_over(sent) {
            for connection in &mut self.connections {
                connection.receive()?;
                if is_over(sent) {
                    break;
                }
                connection.send(traffic, &mut request)?;
                sent = sent.saturating_add(1);
            }
        }
        self.connections.iter_mut().try_for_each(Connection::receive)?;
        Ok(sent)
    }
}

impl Connection {
    fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, received: Vec::new(), due: None })
    }

    fn send(&mut self, traffic: &mut dyn Traffic, request: &mut Vec<u8>) -> Result<(), Failure> {
        request.clear();
        self.due = Some(traffic.next(request));
        Ok(self.stream.write_all(request)?)
    }

    /// Reads the answer that is due, if one is.
    fn receive(&mut self) -> Result<(), Failure> {
        let Some(due) = self.due.take() else { return Ok(()) };
        let mut buffer = [0; 16 * 1024];
        loop {
            let length = self.stream.read(&mut buffer)?;
            if length == 0 {
                return Err("the server closed a connection".into());
            }
            self.received.extend(buffer.iter().take(length));
            let Some((status, length)) = answer::parse(&self.received)? else { continue };
            if status != due || length != self.received.len() {
                let text = String::from_utf8_lossy(&self.received);
                return Err(format!("{status} in place of {due}:\n{text}").into());
            }
            self.received.clear();
            return Ok(());
        }
    }
}

/// As in the measurements that the goals come from.
const CONNECTIONS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(20);
