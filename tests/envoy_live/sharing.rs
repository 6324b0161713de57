//! Two workers, one issuer: what one of them has fetched, the other does not fetch again.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http;
use serde_json::json;

use super::capabilities;
use super::edge::{
    Edge, PATIENCE, Plan, fetching_policy, get, key_set, token, token_of_unknown_key, wait_until,
};
use super::server::{Answer, Server};
use super::workers::{BOTH, Workers};

/// Engines of one process: its workers' and the main thread's.
const ENGINES: usize = 3;

#[test]
fn one_fetch_serves_all_workers_and_one_cool_down_holds_for_all() {
    let (issuer, edge) = start(Answer::Now(200, key_set(&["es256-1"])));
    let mut workers = Workers::connect(&edge.envoy, edge.address);
    wait_until("everybody has the keys", || edge.count_in_log("1 keys in use") == ENGINES);
    assert_eq!(edge.count_in_log("as another worker fetched it"), ENGINES - 1);
    assert_eq!(issuer.requests().len(), 1);
    assert_eq!(workers.statuses(&token("es256-1", 0)), [200, 200]);

    // The issuer rotates. Whoever sees the new key first fetches; the other one takes it over.
    edge.set_clock(11);
    issuer.answer(Answer::Now(200, key_set(&["es256-1", "es256-2"])));
    assert_eq!(workers.patient_statuses(&token("es256-2", 0)), [200, 200]);
    assert_eq!(issuer.requests().len(), 2);
    for number in 0..10 {
        assert_eq!(workers.statuses(&token_of_unknown_key(number)), [401, 401]);
    }
    assert_eq!(issuer.requests().len(), 2);

    edge.set_clock(22);
    for number in 0..10 {
        assert_eq!(workers.statuses(&token_of_unknown_key(number)), [401, 401]);
    }
    assert_eq!(issuer.requests().len(), 3);
    assert_eq!(workers.statuses(&token("es256-2", 0)), [200, 200]);
    edge.check_no_trap();
}

#[test]
fn requests_that_wait_in_any_worker_go_on_after_the_one_fetch() {
    let answer = Answer::Late(Duration::from_millis(700), key_set(&["es256-1"]));
    // One of several: on a busy machine some may wait the filter's patience out.
    let mut tries = (0..10).map(|_| start(answer.clone()));
    let (issuer, edge) = tries.find(|(_, edge)| all_go_on(edge.address)).unwrap();
    assert_eq!(issuer.requests().len(), 1);
    edge.check_no_trap();
}

/// Whether all of those who wait at once are admitted; nobody is refused before its time.
fn all_go_on(address: SocketAddr) -> bool {
    let ask = move || {
        let began = Instant::now();
        let response = http::exchange(address, &get(&token("es256-1", 0))).unwrap();
        assert!(response.status == 200 || began.elapsed() >= PATIENCE, "{}", response.text());
        response.status
    };
    let callers: Vec<_> = (0..8).map(|_| thread::spawn(ask)).collect();
    let statuses: Vec<_> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    statuses.iter().all(|status| *status == 200)
}

/// An overloaded issuer says so once, to whoever asked.
#[test]
fn all_workers_leave_an_issuer_alone_that_asks_one_of_them_to() {
    let (issuer, edge) = start(Answer::Now(200, key_set(&["es256-1"])));
    let mut workers = Workers::connect(&edge.envoy, edge.address);
    wait_until("everybody has the keys", || edge.count_in_log("1 keys in use") == ENGINES);
    issuer.answer(Answer::With(503, "retry-after: 120\r\n", String::new()));
    edge.set_clock(301);
    edge.wait_for_log("status 503 instead of 200");
    // This waits in each worker until it has heard of it: one that hears later keeps away for longer.
    assert_eq!(workers.patient_statuses(&token_of_unknown_key(0)), [401, 401]);
    for seconds in (311..421).step_by(10) {
        edge.set_clock(seconds);
        assert_eq!(workers.statuses(&token_of_unknown_key(0)), [401, 401]);
    }
    // Time enough for each engine to look whether anything is due.
    thread::sleep(Duration::from_millis(1_500));
    assert_eq!(issuer.requests().len(), 2);
    issuer.answer(Answer::Now(200, key_set(&["es256-1", "es256-2"])));
    edge.set_clock(422);
    assert_eq!(workers.patient_statuses(&token("es256-2", 0)), [200, 200]);
    assert_eq!(issuer.requests().len(), 3);
}

/// Any filter of the process could write where such workers read, and give them keys of its own.
#[test]
fn without_a_vm_id_nothing_is_shared() {
    let issuer = Server::start(Answer::Now(200, key_set(&["es256-1"])));
    let config = json!({ "vm_config": { "vm_id": "" } });
    let edge = Edge::start(Plan { config, ..plan(&issuer) });
    wait_until("everybody has the keys", || edge.count_in_log("1 keys in use") == ENGINES);
    assert_eq!(edge.count_in_log("as another worker fetched it"), 0);
    assert_eq!(issuer.requests().len(), ENGINES);
    edge.check_no_trap();
}

#[test]
fn a_worker_that_may_not_share_fetches_for_itself() {
    let mut plan = plan(&Server::start(Answer::Now(200, key_set(&["es256-1"]))));
    let mut allowed = capabilities::allowed();
    allowed.remove("proxy_get_shared_data").unwrap();
    plan.config = capabilities::restriction(&allowed);
    let edge = Edge::start(plan);
    let mut workers = Workers::connect(&edge.envoy, edge.address);
    assert_eq!(workers.patient_statuses(&token("es256-1", 0)), [200, 200]);
    edge.wait_for_log("every worker fetches for itself from now on");
    for worker in BOTH {
        assert_eq!(workers.get(worker, &token("es256-2", 0)).status, 401);
    }
    edge.check_no_trap();
}

/// A policy that is loaded anew finds the keys that the old one had.
#[test]
fn a_reloaded_policy_needs_no_fetch() {
    let (issuer, edge) = start(Answer::Now(200, key_set(&["es256-1"])));
    assert_eq!(edge.get(&token("es256-1", 0)).status, 200);
    wait_until("everybody has the keys", || edge.count_in_log("1 keys in use") == ENGINES);
    let mut policy = fetching_policy();
    policy["routes"][0]["scopes"] = json!({ "all": ["orders:write"] });
    edge.reload(&policy);
    wait_until("the new policy is in use", || edge.get(&token("es256-1", 0)).status == 403);
    assert_eq!(issuer.requests().len(), 1);
    edge.check_no_trap();
}

fn start(answer: Answer) -> (Server, Edge) {
    let issuer = Server::start(answer);
    let edge = Edge::start(plan(&issuer));
    (issuer, edge)
}

fn plan(issuer: &Server) -> Plan {
    Plan { workers: 2, ..Plan::new(fetching_policy(), issuer.address) }
}
