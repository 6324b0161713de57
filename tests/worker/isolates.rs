//! Isolates come and go, and each begins with nothing. The issuer must not notice.

use std::thread;

use edgelatch_tests::lab::{Upstream, Workerd, WorkerdOptions, free_ports, worker};

use super::ground::{Ground, KEY_SET, send};

#[test]
fn fifty_cold_isolates_one_after_the_other_fetch_the_keys_once() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (_workerd, ports) = isolates(&ground, &upstream);
    let token = ground.token();
    for round in 0..ROUNDS {
        for port in &ports {
            assert_eq!(send(*port, "GET", "/orders/17", &token).status, 200, "round {round}");
        }
    }
    let fetches = ground.front.count(KEY_SET);
    println!(
        "isolates: {} requests over {ISOLATES} isolates, one by one: {fetches} key fetches",
        ISOLATES * ROUNDS
    );
    assert_eq!(fetches, 1);
}

/// Nobody can wait for a fetch of another isolate: those that are cold in the same moment fetch each by itself.
#[test]
fn fifty_isolates_that_are_cold_at_once_fetch_the_keys_at_most_once_each() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (_workerd, ports) = isolates(&ground, &upstream);
    let token = ground.token();
    thread::scope(|scope| {
        for half in ports.chunks(ISOLATES / THREADS) {
            let token = &token;
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    for port in half {
                        assert_eq!(send(*port, "GET", "/orders/17", token).status, 200);
                    }
                }
            });
        }
    });
    let fetches = ground.front.count(KEY_SET);
    println!(
        "isolates: {} requests over {ISOLATES} isolates, {THREADS} at a time: {fetches} key fetches",
        ISOLATES * ROUNDS
    );
    assert!((1..=THREADS).contains(&fetches), "{fetches} fetches");
}

#[test]
fn tokens_that_nobody_signed_do_not_make_isolates_fetch_without_end() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (_workerd, ports) = isolates(&ground, &upstream);
    let token = ground.token();
    for port in &ports {
        assert_eq!(send(*port, "GET", "/orders/17", &token).status, 200);
    }
    let before = ground.front.count(KEY_SET);
    let (header, rest) = token.split_once('.').unwrap();
    assert!(header.len() > 40);
    // A header of another key: {"alg":"ES256","typ":"at+jwt","kid":"x"}
    let unknown = format!("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IngifQ.{rest}");
    for _ in 0..ROUNDS {
        for port in &ports {
            assert_eq!(send(*port, "GET", "/orders/17", &unknown).status, 401);
        }
    }
    let fetches = ground.front.count(KEY_SET) - before;
    println!(
        "isolates: {} requests with an unknown key over {ISOLATES} isolates: {fetches} key fetches",
        ISOLATES * ROUNDS
    );
    assert!(fetches <= ISOLATES, "{fetches} fetches: the cool-down of an isolate is 10 s");
}

fn isolates(ground: &Ground, upstream: &Upstream) -> (Workerd, Vec<u16>) {
    let ports = free_ports(ISOLATES).unwrap();
    let options = WorkerdOptions {
        worker: &worker().unwrap(),
        folder: &ground.path("gateway"),
        policy: &ground.policy(),
        upstream: upstream.address,
        variables: &[],
        ports: &ports,
    };
    (Workerd::start(&options).unwrap(), ports)
}

const ISOLATES: usize = 50;
const ROUNDS: usize = 20;
const THREADS: usize = 10;
