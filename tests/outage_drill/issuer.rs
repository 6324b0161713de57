//! The server of the keys, which can be told to misbehave, to die and to come back on the same port.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use edgelatch_tests::lab::free_port;
use edgelatch_tests::minting::Keys;
use serde_json::json;

/// How it answers.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// This, at once.
    Now { status: u16, headers: String, body: String },
    /// The first half of this, then the connection closes.
    Half(String),
    /// This, byte by byte.
    Drip(String, Duration),
    /// Nothing; the connection stays open.
    Silence,
}

/// Serves until it is killed or dropped.
pub(crate) struct Issuer {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    answer: Mutex<Answer>,
    requests: AtomicUsize,
    is_stopped: AtomicBool,
}

impl Issuer {
    pub(crate) fn start(answer: Answer) -> Self {
        // None of the ports that outgoing connections get: one of those may hold it when it is to be revived.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, free_port().unwrap())).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            answer: Mutex::new(answer),
            requests: AtomicUsize::new(0),
            is_stopped: AtomicBool::new(false),
        });
        let acceptor = Some(accept(listener, Arc::clone(&shared)));
        Self { address, shared, acceptor }
    }

    /// Answers differently from now on.
    pub(crate) fn answer(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// Requests so far, in all its lives.
    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// Nobody listens any more: connections are refused.
    pub(crate) fn kill(&mut self) {
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, which then sees the flag and drops the listener.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            acceptor.join().unwrap();
        }
    }

    /// Listens again on the same port.
    pub(crate) fn revive(&mut self) {
        self.shared.is_stopped.store(false, Ordering::SeqCst);
        let listener = TcpListener::bind(self.address).unwrap();
        self.acceptor = Some(accept(listener, Arc::clone(&self.shared)));
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        if self.acceptor.is_some() {
            self.kill();
        }
    }
}

/// The public keys called so, as a sound answer.
pub(crate) fn key_set(names: &[&str]) -> String {
    let keys = Keys::load().unwrap();
    let keys: Vec<_> = names.iter().map(|name| keys.public(name).unwrap()).collect();
    json!({ "keys": keys }).to_string()
}

impl Answer {
    /// A sound answer.
    pub(crate) fn keys(set: &str) -> Self {
        Self::Now { status: 200, headers: String::new(), body: set.to_owned() }
    }
}

fn accept(listener: TcpListener, shared: Arc<Shared>) -> JoinHandle<()> {
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if shared.is_stopped.load(Ordering::SeqCst) {
                return;
            }
            let shared = Arc::clone(&shared);
            // A connection that Envoy closes is the end of an answer, not a failure of the drill.
            thread::spawn(move || serve(stream, &shared));
        }
    })
}

/// One request, one answer, close: a dead server leaves no open connections behind.
fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    while !head.ends_with(b"\r\n\r\n") {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        head.extend_from_slice(&buffer[..length]);
    }
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let answer = shared.answer.lock().unwrap().clone();
    match answer {
        Answer::Now { status, headers, body } => {
            stream.write_all(announcement(status, &headers, body.len()).as_bytes())?;
            stream.write_all(body.as_bytes())
        }
        Answer::Half(body) => {
            stream.write_all(announcement(200, "", body.len()).as_bytes())?;
            stream.write_all(&body.as_bytes()[..body.len() / 2])
        }
        Answer::Drip(body, pause) => {
            stream.write_all(announcement(200, "", body.len()).as_bytes())?;
            for byte in body.as_bytes() {
                stream.write_all(&[*byte])?;
                thread::sleep(pause);
            }
            Ok(())
        }
        // Until Envoy has had enough.
        Answer::Silence => stream.read(&mut buffer).map(|_| ()),
    }
}

fn announcement(status: u16, headers: &str, length: usize) -> String {
    format!(
        "HTTP/1.1 {status} Status\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    )
}
