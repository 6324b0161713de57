//! The filter that is shipped, under what only an attacker or a broken network would send: it must never trap.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::{self, http};
use socket2::SockRef;

use super::edge::{Edge, credentials, send};

#[test]
fn the_shipped_filter_never_traps() {
    let edge = Edge::start(&filter(), &[Some("FAIL_RELOAD")]);
    let address = edge.addresses[0];
    let credentials = credentials();
    let counts = [
        ("bytes in every header", bytes_in_every_header(address)),
        ("thousands of headers", thousands_of_headers(address, &credentials)),
        ("long values", long_values(address)),
        ("endless bodies", endless_bodies(address, &credentials)),
        ("dead upstreams", dead_upstreams(address, &credentials)),
        ("vanishing clients", vanishing_clients(address, &credentials)),
        ("upgrades", upgrades(address, &credentials)),
    ];
    let good = send(address, &[("authorization", credentials.as_bytes())]);
    assert_eq!(good.status, 200, "it still serves");
    check_no_trap(&edge);
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    let parts: Vec<String> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    println!("hostile: {total} requests, 0 traps: {}", parts.join(", "));
}

/// Every header that the filter reads, passes on or removes, with every byte that Envoy lets through.
fn bytes_in_every_header(address: SocketAddr) -> usize {
    let names = [
        "authorization",
        "dpop",
        "x-auth-client-id",
        "x-original-url",
        "x-forwarded-client-cert",
        "x-forwarded-for",
        "cookie",
        "user-agent",
        "x-anything",
    ];
    let mut count = 0;
    for name in names {
        for byte in 0x80..=0xff_u8 {
            let value = [b'a', byte, b' ', byte];
            let status = send(address, &[(name, &value[..])]).status;
            assert_eq!(status, 401, "{name} with {byte:#x}");
            count += 1;
        }
    }
    count
}

fn thousands_of_headers(address: SocketAddr, credentials: &str) -> usize {
    let names: Vec<String> = (0..10_000).map(|number| format!("x-auth-{number}")).collect();
    for amount in [100, 1_024, 1_025, 9_990] {
        let mut headers: Vec<(&str, &[u8])> =
            names.iter().take(amount).map(|name| (name.as_str(), &b"v"[..])).collect();
        headers.push(("authorization", credentials.as_bytes()));
        assert_eq!(send(address, &headers).status, 200, "{amount} header lines that must not pass");
        headers.pop();
        assert_eq!(send(address, &headers).status, 401, "{amount} header lines and no token");
    }
    8
}

fn long_values(address: SocketAddr) -> usize {
    let long = "a.".repeat(500_000);
    for length in [8_192, 16_384, 60_000, 1_000_000] {
        let value = [b"Bearer ", &long.as_bytes()[..length]].concat();
        assert_eq!(send(address, &[("authorization", &value)]).status, 401, "{length} bytes");
    }
    4
}

/// Bodies that do not end: with a token they pass piece by piece, without one the answer does not wait for their end.
fn endless_bodies(address: SocketAddr, credentials: &str) -> usize {
    for (line, status) in
        [(format!("authorization: {credentials}\r\n"), None), (String::new(), Some(401))]
    {
        let mut stream = connect(address);
        write!(
            stream,
            "POST /orders/1 HTTP/1.1\r\nhost: api\r\n{line}transfer-encoding: chunked\r\n\r\n"
        )
        .unwrap();
        let piece = format!("10000\r\n{}\r\n", "b".repeat(0x10000));
        // The edge may close at any time; that is its good right.
        for _ in 0..64 {
            if stream.write_all(piece.as_bytes()).is_err() {
                break;
            }
        }
        if let Some(status) = status {
            assert_eq!(status_line(&mut stream), status);
        }
    }
    2
}

fn dead_upstreams(address: SocketAddr, credentials: &str) -> usize {
    for _ in 0..20 {
        let headers = [("authorization", credentials.as_bytes())];
        let request = http::request("GET", "/orders/dead", "api", &headers);
        assert_eq!(http::exchange(address, &request).unwrap().status, 503);
    }
    20
}

/// Clients that are gone before their answer, or in the middle of their headers; half of them with a reset.
fn vanishing_clients(address: SocketAddr, credentials: &str) -> usize {
    let headers = [("authorization", credentials.as_bytes())];
    let request = http::request("GET", "/orders/1", "api", &headers);
    for round in 0..1_000 {
        let mut stream = connect(address);
        let length = if round % 3 == 0 { request.len() } else { request.len() * (round % 97) / 97 };
        stream.write_all(&request[..length]).unwrap();
        if round % 2 == 0 {
            SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
        }
        let _ = stream.shutdown(Shutdown::Both);
    }
    1_000
}

/// CONNECT, WebSocket and `Expect`: judged like any request, before anything reaches the upstream.
fn upgrades(address: SocketAddr, credentials: &str) -> usize {
    let authorized = format!("authorization: {credentials}\r\n");
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\nsec-websocket-version: 13\r\n";
    for (head, status) in [
        (format!("GET /orders/1 HTTP/1.1\r\nhost: api\r\n{upgrade}\r\n"), 401),
        ("CONNECT api:443 HTTP/1.1\r\nhost: api:443\r\n\r\n".to_owned(), 403),
        (format!("CONNECT api:443 HTTP/1.1\r\nhost: api:443\r\n{authorized}\r\n"), 403),
        ("POST /orders/1 HTTP/1.1\r\nhost: api\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n".to_owned(), 401),
    ] {
        let mut stream = connect(address);
        stream.write_all(head.as_bytes()).unwrap();
        assert_eq!(status_line(&mut stream), status, "{head}");
    }
    4
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream.set_write_timeout(Some(Duration::from_mins(1))).unwrap();
    stream
}

/// The final status. Envoy itself says `100 Continue` to those who ask, but forwards nothing for it.
fn status_line(stream: &mut TcpStream) -> u16 {
    match next_status(stream) {
        100 => {
            let mut blank_line = [0; 2];
            stream.read_exact(&mut blank_line).unwrap();
            next_status(stream)
        }
        status => status,
    }
}

fn next_status(stream: &mut TcpStream) -> u16 {
    let mut text = Vec::new();
    let mut byte = [0];
    let deadline = Instant::now() + Duration::from_mins(1);
    while !text.ends_with(b"\r\n")
        && Instant::now() < deadline
        && stream.read(&mut byte).unwrap_or(0) == 1
    {
        text.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&text);
    text.split(' ').nth(1).unwrap_or_else(|| panic!("no answer: {text}")).parse().unwrap()
}

fn check_no_trap(edge: &Edge) {
    let stats = edge.envoy.ask("/stats?filter=wasm&usedonly").unwrap();
    let traps: Vec<&str> = stats
        .lines()
        .filter(|line| {
            (line.contains("vm_reload") || line.contains("crash")) && !line.ends_with(": 0")
        })
        .collect();
    assert!(traps.is_empty(), "{traps:?}");
    let log = edge.envoy.log();
    assert!(
        !log.contains("a bug stopped the filter") && !log.contains("Function: proxy_on"),
        "{log}"
    );
}

fn filter() -> PathBuf {
    lab::filter().unwrap()
}
