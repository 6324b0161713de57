//! A server that can misbehave: it plays the issuer or the upstream and remembers every byte it got.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Serves until the test ends.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

/// How it answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Never: the connection stays open.
    Silence,
    /// After a pause.
    Late(Duration, String),
    /// With this status and body.
    Now(u16, String),
    /// The same with header lines, each with its line break.
    With(u16, &'static str, String),
}

struct Shared {
    /// By the beginning of the path; the longest that fits is the one.
    answers: Mutex<Vec<(&'static str, Answer)>>,
    requests: Mutex<Vec<String>>,
}

impl Server {
    pub(crate) fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Mutex::default();
        let shared = Arc::new(Shared { answers: Mutex::new(vec![("/", answer)]), requests });
        let twin = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&twin);
                // A broken connection is Envoy's to report.
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { address, shared }
    }

    /// Answers differently from now on.
    pub(crate) fn answer(&self, answer: Answer) {
        self.answer_at("/", answer);
    }

    /// Answers differently from now on to requests whose path begins so.
    pub(crate) fn answer_at(&self, path: &'static str, answer: Answer) {
        let mut answers = self.shared.answers.lock().unwrap();
        answers.retain(|(known, _)| *known != path);
        answers.push((path, answer));
    }

    /// The whole requests so far, as Latin-1.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().unwrap().clone()
    }
}

impl Shared {
    fn answer_to(&self, request: &str) -> Answer {
        let path = request.split(' ').nth(1).unwrap_or_default();
        let answers = self.answers.lock().unwrap();
        let fits = answers.iter().filter(|(begin, _)| path.starts_with(begin));
        fits.max_by_key(|(begin, _)| begin.len()).unwrap().1.clone()
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let (mut text, mut buffer) = (String::new(), [0; 8192]);
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        text.extend(buffer[..length].iter().map(|byte| char::from(*byte)));
        if is_whole(&text) {
            let answer = shared.answer_to(&text);
            shared.requests.lock().unwrap().push(std::mem::take(&mut text));
            reply(&mut stream, answer)?;
        }
    }
}

fn reply(stream: &mut TcpStream, answer: Answer) -> io::Result<()> {
    let (status, headers, body) = match answer {
        Answer::Silence => return Ok(()),
        Answer::Late(pause, body) => {
            thread::sleep(pause);
            (200, "", body)
        }
        Answer::Now(status, body) => (status, "", body),
        Answer::With(status, headers, body) => (status, headers, body),
    };
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} Status\r\n{headers}content-length: {length}\r\n\r\n{body}")
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    if head.contains("transfer-encoding: chunked") {
        let last = body.strip_prefix("0\r\n").or_else(|| Some(body.split_once("\r\n0\r\n")?.1));
        return last.is_some_and(|trailers| trailers == "\r\n" || trailers.ends_with("\r\n\r\n"));
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}
