//! The issuers' key sets over HTTP, for policies that fetch them.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::corpus::Expanded;

/// Serves until it is dropped.
#[derive(Debug)]
pub(crate) struct KeySets {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    stopped: Arc<AtomicBool>,
}

type Bodies = BTreeMap<String, String>;

impl KeySets {
    /// Serves the key sets of all cases.
    pub(crate) fn serve(corpus: &Expanded) -> io::Result<Self> {
        let sets = corpus.cases.iter().flat_map(|case| &case.key_sets);
        let bodies: Bodies = sets.map(|(path, set)| (path.clone(), set.to_string())).collect();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        thread::spawn(move || {
            for stream in listener.incoming().take_while(|_| !flag.load(Ordering::Relaxed)) {
                // A broken connection is Envoy's to notice: the fetch has failed.
                let _ = stream.and_then(|stream| answer(stream, &bodies));
            }
        });
        Ok(Self { address, stopped })
    }
}

impl Drop for KeySets {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the accepting thread, which then sees the flag.
        let _ = TcpStream::connect(self.address);
    }
}

/// Answers the one request of a connection.
fn answer(mut stream: TcpStream, bodies: &Bodies) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let body = request.split(' ').nth(1).and_then(|path| bodies.get(path));
    let (status, body) = body.map_or(("404 Not Found", ""), |body| ("200 OK", body));
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
}
