//! Requests that wait for keys: what they are told, and that nothing of them passes meanwhile.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http;

use super::edge::{Edge, Plan, fetching_policy, get, key_set, token};
use super::server::{Answer, Server};

#[test]
fn a_silent_issuer_is_answered_for_after_two_seconds_and_no_body_passes() {
    for allow_on_headers_stop_iteration in [false, true] {
        let issuer = Server::start(Answer::Silence);
        let edge = start(&issuer, allow_on_headers_stop_iteration);
        let begin = Instant::now();
        let response = http::exchange(edge.address, &post("a body that must not pass")).unwrap();
        let waited = begin.elapsed();
        assert_eq!(response.status, 503);
        assert!(response.text().contains("temporarily_unavailable"), "{}", response.text());
        assert!(response.header("retry-after").is_some());
        assert!((1_900..4_000).contains(&waited.as_millis()), "answered after {waited:?}");
        edge.wait_for_log("edgelatch_access_denied{jwks.none}");
        assert_eq!(edge.upstream.requests(), Vec::<String>::new());
        edge.check_no_trap();
    }
}

#[test]
fn a_body_that_waited_for_the_keys_arrives_whole() {
    for allow_on_headers_stop_iteration in [false, true] {
        let answer = Answer::Late(Duration::from_millis(300), key_set(&["es256-1"]));
        let edge = start(&Server::start(answer), allow_on_headers_stop_iteration);
        let response = http::exchange(edge.address, &post("a body that waits")).unwrap();
        assert_eq!((response.status, response.text().as_str()), (200, "upstream"));
        let requests = edge.upstream.requests();
        assert!(requests.len() == 1 && requests[0].ends_with("a body that waits"), "{requests:?}");
        edge.check_no_trap();
    }
}

#[test]
fn trailers_of_a_request_that_waited_are_cleaned_too() {
    for allow_on_headers_stop_iteration in [false, true] {
        let answer = Answer::Late(Duration::from_millis(300), key_set(&["es256-1"]));
        let edge = start(&Server::start(answer), allow_on_headers_stop_iteration);
        super::trailers::check(&edge);
    }
}

#[test]
fn a_client_that_leaves_while_it_waits_does_no_harm() {
    let answer = Answer::Late(Duration::from_millis(600), key_set(&["es256-1"]));
    let edge = start(&Server::start(answer), false);
    for _ in 0..5 {
        let mut client = TcpStream::connect(edge.address).unwrap();
        client.write_all(&get(&token("es256-1", 0))).unwrap();
        thread::sleep(Duration::from_millis(20));
    }
    edge.wait_for_log("1 keys in use");
    assert_eq!(edge.get(&token("es256-1", 0)).status, 200);
    assert_eq!(edge.upstream.requests().len(), 1);
    edge.check_no_trap();
}

fn start(issuer: &Server, allow_on_headers_stop_iteration: bool) -> Edge {
    let policy = fetching_policy();
    Edge::start(Plan { allow_on_headers_stop_iteration, ..Plan::new(policy, issuer.address) })
}

fn post(body: &str) -> Vec<u8> {
    format!(
        "POST /orders/1 HTTP/1.1\r\nhost: api\r\nauthorization: Bearer {}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        token("es256-1", 0),
        body.len()
    )
    .into_bytes()
}
