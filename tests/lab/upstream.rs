//! The application behind Envoy: answers every request with what it received.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde::{Deserialize, Serialize};

use super::LabError;
use super::http::{Head, Response, content_length, is_chunked, parse_head, unchunk};

/// An echo server; stops accepting when dropped.
#[derive(Debug)]
pub struct Upstream {
    /// Where it listens.
    pub address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

/// A request as the upstream received it: the body of its answer, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// The method.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// Lower-case names and values, in order; bytes beyond ASCII as Latin-1.
    pub headers: Vec<(String, String)>,
}

impl Upstream {
    /// Starts on a port of the system's choice.
    pub fn start() -> Result<Self, LabError> {
        Self::start_on(0)
    }

    /// Starts on a given port.
    pub fn start_on(port: u16) -> Result<Self, LabError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        let listener = listener.map_err(LabError::io("listen for the upstream"))?;
        let address = listener.local_addr().map_err(LabError::io("listen for the upstream"))?;
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        thread::spawn(move || accept(&listener, &flag));
        Ok(Self { address, stopped })
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the accepting thread, which then sees the flag.
        let _ = TcpStream::connect(self.address);
    }
}

impl Echo {
    /// Out of the answer that came back through Envoy.
    pub fn of(response: &Response) -> Result<Self, LabError> {
        serde_json::from_slice(&response.body)
            .map_err(|error| LabError::answer(format!("{error}: not from the echo upstream")))
    }

    /// All values of a header; the name in lower case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

fn accept(listener: &TcpListener, stopped: &AtomicBool) {
    for stream in listener.incoming() {
        if stopped.load(Ordering::Relaxed) {
            return;
        }
        let Ok(stream) = stream else { continue };
        // A broken connection is Envoy's to report.
        thread::spawn(move || serve(stream));
    }
}

/// Answers requests on one connection until the peer closes it.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        bytes.extend(buffer.iter().take(length));
        if let Some(echo) = whole_request(&bytes) {
            stream.write_all(&answer(&echo)?)?;
            bytes.clear();
        }
    }
}

/// The request, once its body has arrived too. Envoy never pipelines, so nothing follows it.
fn whole_request(bytes: &[u8]) -> Option<Echo> {
    let Head { first_line, headers, rest } = parse_head(bytes)?;
    let mut words = first_line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let is_whole = if is_chunked(&headers) {
        unchunk(rest).is_some()
    } else {
        rest.len() >= content_length(&headers).unwrap_or(0)
    };
    is_whole.then_some(Echo { method, path, headers })
}

fn answer(echo: &Echo) -> io::Result<Vec<u8>> {
    let body = serde_json::to_vec(echo)?;
    let mut bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    if echo.method != "HEAD" {
        bytes.extend(body);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::http::{exchange, request};
    use super::*;

    #[test]
    fn says_what_it_received() {
        let upstream = Upstream::start().unwrap();
        let bytes = request("GET", "/a?b", "h", &[("X-One", b"1"), ("x-one", b"\xff")]);
        let echo = Echo::of(&exchange(upstream.address, &bytes).unwrap()).unwrap();
        assert_eq!((echo.method.as_str(), echo.path.as_str()), ("GET", "/a?b"));
        assert_eq!(echo.header("x-one").collect::<Vec<_>>(), ["1", "\u{ff}"]);
    }
}
