//! Large, slow and many.

use std::io::{Read, Write};
use std::net::TcpStream;
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
        stream.set_read_timeout(Some(Duration::from_secs(25))).unwrap();
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
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}

#[test]
fn finishes_open_requests_before_it_stops() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let mut stream = TcpStream::connect(running.address).unwrap();
    let head = format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{}\r\n",
        GRANT.len(),
        client.basic()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(b"grant_").unwrap();
    // A second connection answers only after the first bytes of the first one were read.
    assert_eq!(running.get("/livez").status, 200);
    let stopping = std::thread::spawn(move || running.terminate());
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(GRANT.strip_prefix("grant_").unwrap().as_bytes()).unwrap();
    assert_eq!(Answer::read(&mut stream).status, 200);
    assert_eq!(stopping.join().unwrap(), Some(0));
}

#[test]
fn leaves_at_once_on_the_second_signal() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let mut stream = TcpStream::connect(running.address).unwrap();
    let head = "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(running.get("/livez").status, 200);
    let begin = Instant::now();
    running.signal();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(running.terminate(), Some(0));
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
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
