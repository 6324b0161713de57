//! A filter that breaks on demand: what each of Envoy's failure policies makes of it.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::{self, http};

use super::edge::{Edge, credentials, send};

#[test]
fn a_fault_of_the_filter_never_lets_its_request_through() {
    let filter = lab::trapping_filter().unwrap();
    let policies = [Some("FAIL_RELOAD"), Some("FAIL_CLOSED"), None, Some("FAIL_OPEN")];
    let edge = Edge::start(&filter, &policies);
    let &[reload, closed, unspecified, open] = &edge.addresses[..] else { unreachable!() };
    for address in &edge.addresses {
        assert_eq!(ask(*address), 200, "before the fault");
    }
    let [first, second] = reloads(&edge, reload);
    stays_closed(&edge, closed);
    stays_closed(&edge, unspecified);
    stands_open(&edge, open);
    println!(
        "trap drill: {} failure policies, 0 faulty requests forwarded, FAIL_RELOAD served again \
         in {} ms, after a second fault in {} ms",
        policies.len(),
        first.as_millis(),
        second.as_millis(),
    );
}

#[test]
fn a_filter_out_of_memory_never_lets_its_request_through() {
    let edge = Edge::start(&lab::trapping_filter().unwrap(), &[Some("FAIL_RELOAD")]);
    let address = edge.addresses[0];
    assert_eq!(ask(address), 200);
    assert_eq!(break_it(&edge, address, "memory"), 503);
    comes_back(address);
}

/// Envoy has no preemption: nobody can help a worker whose filter never comes back. That its loops end is a promise of
/// the filter, not of Envoy.
#[test]
fn a_filter_that_never_comes_back_keeps_its_request() {
    let edge = Edge::start(&lab::trapping_filter().unwrap(), &[Some("FAIL_RELOAD")]);
    let address = edge.addresses[0];
    let before = edge.forwarded();
    thread::spawn(move || http::exchange(address, &trap("loop")));
    thread::sleep(Duration::from_secs(2));
    assert_eq!(edge.forwarded(), before);
}

/// The setting that we ship: the request is lost and a new instance takes over within moments. A second fault soon
/// after keeps everybody out until Envoy's back-off of about a second ends. Returns how long both took.
fn reloads(edge: &Edge, address: SocketAddr) -> [Duration; 2] {
    // Envoy reloads at most once a second, and the first load counts.
    thread::sleep(BACK_OFF);
    [(); 2].map(|()| {
        assert_eq!(break_it(edge, address, "panic"), 503);
        comes_back(address)
    })
}

fn comes_back(address: SocketAddr) -> Duration {
    let since = Instant::now();
    while ask(address) != 200 {
        assert!(since.elapsed() < Duration::from_mins(1), "the filter did not come back");
        thread::sleep(Duration::from_millis(5));
    }
    since.elapsed()
}

/// Envoy's default: nobody passes on this worker any more.
fn stays_closed(edge: &Edge, address: SocketAddr) {
    assert_eq!(break_it(edge, address, "panic"), 503);
    let forwarded = edge.forwarded();
    let until = Instant::now() + Duration::from_secs(2);
    while Instant::now() < until {
        assert_eq!(ask(address), 503, "no instance, no way through");
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(edge.forwarded(), forwarded);
}

/// Wrong, and nothing the filter can do about it: from now on everybody passes. Whoever sets `FAIL_OPEN` must know.
fn stands_open(edge: &Edge, address: SocketAddr) {
    assert_eq!(send(address, &[]).status, 401);
    assert_eq!(break_it(edge, address, "panic"), 503);
    assert_eq!(send(address, &[]).status, 200, "FAIL_OPEN bypasses the filter");
}

/// Breaks the filter with a good token, so that only the fault stops the request, and makes sure that it was stopped.
fn break_it(edge: &Edge, address: SocketAddr, how: &str) -> u16 {
    let before = edge.forwarded();
    let status = http::exchange(address, &trap(how)).unwrap().status;
    assert_eq!(edge.forwarded(), before, "a request passed a broken filter");
    status
}

fn trap(how: &str) -> Vec<u8> {
    let credentials = credentials();
    let headers = [("authorization", credentials.as_bytes()), ("x-forced-trap", how.as_bytes())];
    http::request("GET", "/orders/1", "api", &headers)
}

fn ask(address: SocketAddr) -> u16 {
    send(address, &[("authorization", credentials().as_bytes())]).status
}

/// A little more than Envoy's own.
const BACK_OFF: Duration = Duration::from_millis(1_200);
