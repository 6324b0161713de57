//! Large, slow and many.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::harness::{Answer, Running, made, orders};

const GRANT: &str = "grant_type=client_credentials";

#[test]
fn refuses_a_body_one_byte_too_large_and_closes() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let padded = |length: usize| format!("{GRANT}&x={}", "a".repeat(length - GRANT.len() - 3));
    assert_eq!(running.token(&client.basic(), &padded(16 * 1024)).status, 200);

    let body = padded(16 * 1024 + 1);
    let mut stream = TcpStream::connect(running.address).unwrap();
    write!(
        stream,
        "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    // No `Connection: close` from us: that reading ends at all shows that the issuer closed.
    let answer = Answer::read(&mut stream);
    assert_eq!(answer.verdict(), "413 invalid_request");
    assert_eq!(answer.header("connection"), Some("close"));
}

#[test]
fn refuses_a_large_body_that_does_not_announce_its_length() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000)).repeat(5);
    let answer = running.send(&format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{chunk}0\r\n\r\n"
    ));
    assert_eq!(answer.verdict(), "413 invalid_request");
}

#[test]
fn refuses_ten_thousand_parameters() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    assert_eq!(running.token("", &"a&".repeat(10_000)).status, 413);
    assert_eq!(running.token("", &"resource=a&".repeat(1000)).status, 413);
}

#[test]
fn refuses_requests_that_could_be_smuggled() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    for framing in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: +5\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
    ] {
        let head = format!("POST /oauth2/token HTTP/1.1\r\nHost: x\r\n{kind}{framing}\r\nabcde");
        assert_eq!(running.send(&head).status, 400, "{framing}");
    }
}

#[test]
fn closes_slow_connections_and_serves_others_meanwhile() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let begin = Instant::now();
    let open = |text: &str| {
        let mut stream = TcpStream::connect(running.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(50))).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let slow = ["POST /oauth2/token HTTP/1.1\r\nHost: x\r\n", "", "PRI * HTTP/2"];
    let heads: Vec<_> = (0..100).flat_map(|_| slow.map(open)).collect();
    let body = open(
        "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\ngrant",
    );
    assert_eq!(running.token(&client.basic(), GRANT).status, 200);
    for mut stream in heads {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    let mut body = body;
    assert_eq!(Answer::read(&mut body).verdict(), "408 invalid_request");
    // The limit of idle connections, a minute, would come later.
    assert!(begin.elapsed() < Duration::from_secs(45), "{:?}", begin.elapsed());
}

#[test]
fn finishes_open_requests_before_it_stops() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let mut stream = begin_request(&running, GRANT.len(), &client.basic());
    stream.write_all(b"grant_").unwrap();
    let address = running.address;
    let stopping = thread::spawn(move || running.terminate());
    Running::wait_until_closed(address);
    stream.write_all(GRANT.strip_prefix("grant_").unwrap().as_bytes()).unwrap();
    assert_eq!(Answer::read(&mut stream).status, 200);
    assert_eq!(stopping.join().unwrap(), Some(0));
}

#[test]
fn leaves_at_once_on_the_second_signal() {
    let folder = made(&[]);
    let left_after = || {
        let running = Running::start(folder.path(), "127.0.0.1:0");
        let _open = begin_request(&running, 9, "");
        let begin = Instant::now();
        running.signal();
        Running::wait_until_closed(running.address);
        assert_eq!(running.terminate(), Some(0));
        begin.elapsed()
    };
    // The best of several: a busy machine may be slow now and then.
    assert!((0..3).any(|_| left_after() < Duration::from_secs(5)));
}

/// A token request whose head was read, and whose body is waited for.
fn begin_request(running: &Running, length: usize, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(running.address).unwrap();
    let head = format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

#[test]
fn refuses_requests_without_one_host() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    for hosts in ["", "Host: a\r\nHost: b\r\n"] {
        let answer = running.send(&format!("GET /livez HTTP/1.1\r\n{hosts}\r\n"));
        assert_eq!((answer.status, answer.header("connection")), (400, Some("close")));
    }
}

/// hyper believes the coding and then closes, so nothing can hide behind the body.
#[test]
fn closes_after_a_request_with_two_lengths() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    for lengths in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    ] {
        let request = format!(
            "POST /oauth2/token HTTP/1.1\r\nHost: x\r\n{lengths}\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n\
             0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
        );
        // Reading ends, and the second request is not answered.
        let answer = running.send(&request);
        assert_eq!((answer.status, answer.header("connection")), (401, Some("close")));
        assert!(!answer.body.contains("HTTP/1.1"), "{answer:?}");
    }
}
