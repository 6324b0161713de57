//! Upstreams that are down, slow, or send callers elsewhere.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::free_port;

use super::ground::{Ground, gateway, send};
use super::patience::{order, warm};

#[test]
fn an_upstream_that_is_down_is_a_bad_gateway() {
    let ground = Ground::set_up();
    let nobody = ([127, 0, 0, 1], free_port().unwrap()).into();
    let (workerd, port) = gateway(&ground.path("gateway"), &ground.policy(), nobody, &[]);
    assert_eq!(order(port, &ground.token()).status, 502);
    assert_eq!(send(port, "GET", "/orders/17", "").status, 401);
    wait_for(|| workerd.log().contains(r#""upstream":"unreachable""#));
}

#[test]
fn an_upstream_that_does_not_begin_in_time_is_a_gateway_timeout() {
    let ground = Ground::set_up();
    let upstream = raw(|_stream| thread::sleep(Duration::from_mins(2)));
    let variables = [("UPSTREAM_TIMEOUT_MS", "300")];
    let (workerd, port) = gateway(&ground.path("gateway"), &ground.policy(), upstream, &variables);
    let token = ground.token();
    warm(port, &token);
    let began = Instant::now();
    assert_eq!(order(port, &token).status, 504);
    // Without the variable it would be half a minute.
    assert!(began.elapsed() < Duration::from_secs(15));
    wait_for(|| workerd.log().contains(r#""upstream":"timeout""#));
}

#[test]
fn a_redirect_is_the_callers_to_follow() {
    let ground = Ground::set_up();
    let upstream = raw(|mut stream| {
        let _ = stream.write_all(
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        );
    });
    let (_workerd, port) = gateway(&ground.path("gateway"), &ground.policy(), upstream, &[]);
    let response = order(port, &ground.token());
    assert_eq!((response.status, response.header("location")), (302, Some("http://127.0.0.1:1/")));
}

/// Each side waits for the half that the other has sent: a gateway that buffers would wait for ever.
#[test]
fn bodies_stream_in_both_directions() {
    let ground = Ground::set_up();
    let (seen, first_half) = mpsc::channel();
    let upstream = raw(move |mut stream| {
        let mut half = [0; 5];
        let _ = stream.read_exact(&mut half);
        let _ = seen.send(half);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf");
        let mut rest = [0; 5];
        let _ = stream.read_exact(&mut rest);
        let _ = stream.write_all(&rest[..4]);
    });
    let variables = [("UPSTREAM_TIMEOUT_MS", "6000")];
    let (_workerd, port) = gateway(&ground.path("gateway"), &ground.policy(), upstream, &variables);
    let token = ground.token();
    warm(port, &token);
    let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
    client.set_read_timeout(Some(LIMIT)).unwrap();
    write!(client, "POST /orders/17 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\ncontent-length: 10\r\n\r\nfirst").unwrap();
    assert_eq!(&first_half.recv_timeout(LIMIT).unwrap(), b"first");
    let mut answer = Vec::new();
    read_until(&mut client, &mut answer, b"half");
    // Longer than the time in which an answer must begin.
    thread::sleep(Duration::from_millis(6_500));
    client.write_all(b"other").unwrap();
    read_until(&mut client, &mut answer, b"halfothe");
}

fn read_until(client: &mut TcpStream, answer: &mut Vec<u8>, end: &[u8]) {
    let mut buffer = [0; 8192];
    while !answer.ends_with(end) {
        let length = client.read(&mut buffer).unwrap();
        assert!(length > 0, "{}", String::from_utf8_lossy(answer));
        answer.extend_from_slice(&buffer[..length]);
    }
}

/// A server that reads the head of a request and then does what it is told.
fn raw(answer: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let answer = std::sync::Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = std::sync::Arc::clone(&answer);
            thread::spawn(move || {
                if read_head(&stream) {
                    answer(stream);
                }
            });
        }
    });
    address
}

/// Byte by byte, so that the body is left to whoever answers.
fn read_head(stream: &TcpStream) -> bool {
    let mut reader = BufReader::with_capacity(1, stream);
    let mut line = String::new();
    loop {
        line.clear();
        match reader.read_line(&mut line) {
            Ok(0) | Err(_) => return false,
            Ok(_) if line == "\r\n" => return true,
            Ok(_) => {}
        }
    }
}

fn wait_for(mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < LIMIT, "it never came");
        thread::sleep(Duration::from_millis(20));
    }
}

/// For what comes at once, except on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);
