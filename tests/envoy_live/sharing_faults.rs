//! What the workers share when one of them breaks, or when somebody else writes where they share: the filter of the
//! trap drill, which does both on demand.

use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab;
use serde_json::{Value, json};

use super::edge::{Edge, Plan, fetching_policy, key_set, token, token_of_unknown_key, wait_until};
use super::server::{Answer, Server};
use super::workers::{BOTH, Workers};

/// W07: another filter with the same `vm_id` writes nonsense into every value that the workers share.
#[test]
fn nonsense_in_shared_memory_stops_nobody_and_lets_nobody_in() {
    let (issuer, edge) = start();
    let mut workers = Workers::connect(&edge.envoy, edge.address);
    let mut seconds = 0;
    for garbage in ["", "x", "0123456789abcdef", "edgelatch feed 1"] {
        for what in ["document", "bell", "turn"] {
            for worker in BOTH {
                spoil(&mut workers, worker, what, garbage);
            }
        }
        assert_eq!(workers.statuses(&token("es256-1", 0)), [200, 200]);
        assert_eq!(workers.statuses(&token("stranger", 0)), [401, 401]);
        let before = issuer.requests().len();
        seconds += 301;
        edge.set_clock(seconds);
        // Where nobody can read whose turn it is, both may take it.
        wait_until("one has fetched again", || issuer.requests().len() > before);
        let now = u64::try_from(seconds).unwrap();
        assert_eq!(workers.statuses(&token("es256-1", now)), [200, 200], "{garbage}");
    }
    edge.wait_for_log("look for another filter with the same `vm_id`");
    edge.check_no_trap();
}

/// W07, W01: the worker whose turn it was to fetch breaks meanwhile. Another one takes its turn over.
#[test]
fn a_worker_that_breaks_while_it_fetches_does_not_end_all_fetching() {
    let (issuer, edge) = start();
    let mut workers = Workers::connect(&edge.envoy, edge.address);
    edge.set_clock(11);
    issuer.answer(Answer::Silence);
    // Nobody else has a reason to fetch, so this is the first worker's turn. It answers without the keys after two
    // seconds, while its fetch goes on.
    assert_eq!(workers.get(0, &token_of_unknown_key(0)).status, 401);
    assert_eq!(issuer.requests().len(), 2);
    issuer.answer(Answer::Now(200, key_set(&["es256-1", "es256-2"])));
    let broken = workers.get_with(0, &token("es256-1", 0), "x-forced-trap: panic\r\n");
    assert_eq!(broken.status, 503);

    let since = Instant::now();
    let mut seconds = 11;
    while workers.get(1, &token("es256-2", 0)).status != 200 {
        assert!(since.elapsed() < Duration::from_mins(1), "nobody fetches any more");
        // Time goes on, which the clock of a test does not do by itself.
        seconds += 1;
        edge.set_clock(seconds);
        thread::sleep(Duration::from_millis(100));
    }
    println!("the other worker had the new keys {:?} after the fault", since.elapsed());
    assert_eq!(issuer.requests().len(), 3);
    // The broken one comes back, and finds the keys where the other one left them.
    drop(workers);
    let mut workers = Workers::connect(&edge.envoy, edge.address);
    for worker in BOTH {
        while workers.get(worker, &token("es256-2", 0)).status != 200 {
            assert!(since.elapsed() < Duration::from_mins(2), "worker {worker} is not back");
            thread::sleep(Duration::from_millis(100));
        }
    }
    assert_eq!(issuer.requests().len(), 3);
}

fn spoil(workers: &mut Workers, worker: usize, what: &str, garbage: &str) {
    let name = format!(
        "edgelatch 1: {what} of the key set of https://issuer.example.com from http://issuer/keys"
    );
    let header = format!("x-forced-trap: spoil {name}={garbage}\r\n");
    assert_eq!(workers.get_with(worker, &token("es256-1", 0), &header).status, 200);
}

/// Two workers that have the key of an issuer, with the filter that breaks on demand.
fn start() -> (Server, Edge) {
    let issuer = Server::start(Answer::Now(200, key_set(&["es256-1"])));
    let config = trapping();
    let edge =
        Edge::start(Plan { workers: 2, config, ..Plan::new(fetching_policy(), issuer.address) });
    wait_until("everybody has the keys", || edge.count_in_log("1 keys in use") == 3);
    (issuer, edge)
}

fn trapping() -> Value {
    let filter = lab::trapping_filter().unwrap();
    json!({ "vm_config": { "code": { "local": { "filename": filter } } } })
}
