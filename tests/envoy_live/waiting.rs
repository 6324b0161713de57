//! Requests that wait for keys: what they are told, and that nothing of them passes meanwhile.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http::{self, Response};

use super::edge::{
    Edge, PATIENCE, Plan, fetching_policy, get, is_final, key_set, patient, token, wait_until,
};
use super::server::{Answer, Server};
use super::trailers;

#[test]
fn a_silent_issuer_is_answered_for_after_two_seconds_and_no_body_passes() {
    for allow_on_headers_stop_iteration in [false, true] {
        let issuer = Server::start(Answer::Silence);
        let edge = start(&issuer, allow_on_headers_stop_iteration);
        // The best of several: a busy machine may be slow now and then.
        assert!((0..5).any(|_| time_to_refuse(&edge) < Duration::from_secs(4)));
        edge.wait_for_log("edgelatch_access_denied{jwks.none}");
        assert_eq!(edge.upstream.requests(), Vec::<String>::new());
        edge.check_no_trap();
    }
}

fn time_to_refuse(edge: &Edge) -> Duration {
    let begin = Instant::now();
    let response = http::exchange(edge.address, &post("a body that must not pass")).unwrap();
    let waited = begin.elapsed();
    assert_eq!(response.status, 503);
    assert!(response.text().contains("temporarily_unavailable"), "{}", response.text());
    assert!(response.header("retry-after").is_some());
    assert!(waited >= PATIENCE, "answered after {waited:?}");
    waited
}

#[test]
fn a_body_that_waited_for_the_keys_arrives_whole() {
    for allow_on_headers_stop_iteration in [false, true] {
        let request = post("a body that waits");
        let (edge, response) = wait_for_keys(&request, allow_on_headers_stop_iteration);
        assert_eq!((response.status, response.text().as_str()), (200, "upstream"));
        let requests = edge.upstream.requests();
        assert!(requests.len() == 1 && requests[0].ends_with("a body that waits"), "{requests:?}");
        edge.check_no_trap();
    }
}

#[test]
fn trailers_of_a_request_that_waited_are_cleaned_too() {
    for allow_on_headers_stop_iteration in [false, true] {
        let request = trailers::request();
        let (edge, response) = wait_for_keys(&request, allow_on_headers_stop_iteration);
        trailers::check_answer(&edge, &response);
    }
}

#[test]
fn a_client_that_leaves_while_it_waits_does_no_harm() {
    let issuer = Server::start(Answer::Silence);
    let edge = start(&issuer, false);
    let clients: Vec<_> = (0..5).map(|_| send(edge.address)).collect();
    wait_until("they wait", || edge.has_stat("http.api.downstream_rq_total: 5"));
    drop(clients);
    wait_until("they have left", || edge.has_stat("http.api.downstream_rq_active: 0"));
    issuer.answer(Answer::Now(200, key_set(&["es256-1"])));
    // So late that the answer to the first fetch counts as lost.
    edge.set_clock(11);
    edge.wait_for_log("1 keys in use");
    assert_eq!(patient(|| edge.get(&token("es256-1", 0))).status, 200);
    assert_eq!(edge.upstream.requests().len(), 1);
    edge.check_no_trap();
}

fn send(address: SocketAddr) -> TcpStream {
    let mut client = TcpStream::connect(address).unwrap();
    client.write_all(&get(&token("es256-1", 0))).unwrap();
    client
}

/// Sends a request while the keys are on their way: the edge, and its answer. Where it outwaits the filter's patience,
/// as it may on a busy machine, another edge is asked.
fn wait_for_keys(request: &[u8], allow_on_headers_stop_iteration: bool) -> (Edge, Response) {
    for _ in 0..10 {
        let answer = Answer::Late(Duration::from_millis(300), key_set(&["es256-1"]));
        let edge = start(&Server::start(answer), allow_on_headers_stop_iteration);
        let begin = Instant::now();
        let response = http::exchange(edge.address, request).unwrap();
        if is_final(&response, begin.elapsed()) {
            return (edge, response);
        }
    }
    panic!("nobody who waited was let through");
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
