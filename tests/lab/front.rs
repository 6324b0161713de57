//! What stands before the issuer: passes every byte on, and counts the requests.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::LabError;
use super::http::{Head, content_length, parse_head};

/// A counting tunnel to one server; stops accepting when dropped.
#[derive(Debug)]
pub struct Front {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    is_stopped: AtomicBool,
    requests: Mutex<BTreeMap<String, usize>>,
}

impl Front {
    /// Listens on a port of loopback, or on any free one if it is zero.
    pub fn start(port: u16, server: SocketAddr) -> Result<Self, LabError> {
        let listen = || LabError::io("listen before the issuer");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(listen())?;
        let address = listener.local_addr().map_err(listen())?;
        let (is_stopped, requests) = (AtomicBool::new(false), Mutex::default());
        let shared = Arc::new(Shared { server, is_stopped, requests });
        let twin = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &twin));
        Ok(Self { address, shared })
    }

    /// How many requests for a path came so far.
    pub fn count(&self, path: &str) -> usize {
        self.shared.requests().get(path).copied().unwrap_or_default()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::Relaxed);
        // Wakes the accepting thread, which then sees the flag.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn requests(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, usize>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, first_line: &str) {
        let target = first_line.split(' ').nth(1).unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        *self.requests().entry(path.to_owned()).or_default() += 1;
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.is_stopped.load(Ordering::Relaxed) {
            return;
        }
        let (Ok(client), shared) = (stream, Arc::clone(shared)) else { continue };
        // A server that is down shows as a connection that closes at once.
        thread::spawn(move || tunnel(&client, &shared));
    }
}

fn tunnel(client: &TcpStream, shared: &Shared) -> io::Result<()> {
    let server = TcpStream::connect(shared.server)?;
    for stream in [client, &server] {
        stream.set_nodelay(true)?;
    }
    let (mut answers, mut out) = (server.try_clone()?, client.try_clone()?);
    let back = thread::spawn(move || {
        let _ = io::copy(&mut answers, &mut out);
        let _ = out.shutdown(Shutdown::Both);
    });
    let _ = requests(client, &server, shared);
    let _ = server.shutdown(Shutdown::Both);
    let _ = back.join();
    Ok(())
}

/// Passes requests on, and looks at their heads.
fn requests(mut client: &TcpStream, mut server: &TcpStream, shared: &Shared) -> io::Result<()> {
    let (mut unread, mut buffer) = (Vec::new(), [0; 8192]);
    loop {
        let length = client.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        let bytes = buffer.get(..length).unwrap_or_default();
        unread.extend_from_slice(bytes);
        while let Some((first_line, whole)) = first_request(&unread) {
            shared.note(&first_line);
            unread.drain(..whole);
        }
        server.write_all(bytes)?;
    }
}

/// The first line of a request that is there as a whole, and its length.
fn first_request(bytes: &[u8]) -> Option<(String, usize)> {
    let Head { first_line, headers, rest } = parse_head(bytes)?;
    let head = bytes.len().checked_sub(rest.len())?;
    let whole = head.checked_add(content_length(&headers).unwrap_or(0))?;
    (bytes.len() >= whole).then_some((first_line, whole))
}

#[cfg(test)]
mod tests {
    use super::super::Upstream;
    use super::super::http::{Connection, get, request};
    use super::*;

    #[test]
    fn passes_on_and_counts_also_on_one_connection() {
        let upstream = Upstream::start().unwrap();
        let front = Front::start(0, upstream.address).unwrap();
        assert_eq!(get(front.address, "/keys?a").unwrap().status, 200);
        let mut connection = Connection::open(front.address).unwrap();
        for path in ["/keys", "/list", "/keys"] {
            let bytes = request("GET", path, "h", &[]);
            assert_eq!(connection.exchange(&bytes).unwrap().status, 200);
        }
        assert_eq!((front.count("/keys"), front.count("/list"), front.count("/")), (3, 1, 0));
    }
}
