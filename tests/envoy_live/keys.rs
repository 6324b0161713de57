//! Key sets over time: rotation, floods of unknown keys, an issuer that fails.

use super::edge::{
    Edge, Plan, fetching_policy, inline_policy, key_set, patient, token, token_of_unknown_key,
    wait_until,
};
use super::server::{Answer, Server};
use super::telling::environment;

#[test]
fn a_new_key_is_admitted_after_one_fetch_and_unknown_keys_cause_no_flood() {
    let (issuer, edge) = start();
    assert_eq!(edge.get(&token("es256-1", 0)).status, 200);
    // SHA-256 of the token's name, token-1.
    edge.wait_for_log(r#""jti_hash":"3f08aace122ee2368432c1ca23a049bc""#);
    edge.wait_for_log(r#""issuer":"https://issuer.example.com""#);

    // Past the cool-down of the first fetch. The issuer has rotated meanwhile.
    issuer.answer(Answer::Now(200, key_set(&["es256-1", "es256-2"])));
    check_fetches(&issuer, 1, || {
        edge.set_clock(11);
        assert_eq!(patient(|| edge.get(&token("es256-2", 0))).status, 200);
    });
    check_fetches(&issuer, 0, || flood(&edge));
    check_fetches(&issuer, 1, || {
        edge.set_clock(22);
        flood(&edge);
    });
    assert_eq!(edge.get(&token("es256-2", 0)).status, 200);
    edge.check_no_trap();
}

#[test]
fn the_last_good_keys_stay_while_the_issuer_talks_nonsense_until_they_are_too_old() {
    let (issuer, edge) = start();
    assert_eq!(edge.get(&token("es256-1", 0)).status, 200);
    let nonsense = [
        Answer::Now(500, "out of order".to_owned()),
        Answer::Now(200, "<html>welcome</html>".to_owned()),
        Answer::Now(200, r#"{"keys":[]}"#.to_owned()),
    ];
    for (round, answer) in (1..).zip(nonsense) {
        issuer.answer(answer);
        check_fetches(&issuer, 1, || {
            // A retry of the round before may be due as soon as the clock moves.
            edge.set_clock(round * 11);
            assert_eq!(edge.get(&token_of_unknown_key(0)).status, 401);
        });
        assert_eq!(edge.get(&token("es256-1", 0)).status, 200);
    }
    let kept = || edge.count_in_log("what was there stays in use");
    wait_until("all three are reported", || kept() >= 3);
    assert_eq!(kept(), 3);
    assert_eq!(edge.count_in_log("answered 503"), 0);

    edge.set_clock(86_500);
    let response = edge.get(&token("es256-1", 86_500));
    assert_eq!(response.status, 503);
    assert!(response.header("retry-after").is_some());
    edge.wait_for_log("nothing to use: requests that need it are answered 503");
    issuer.answer(Answer::Now(200, key_set(&["es256-1"])));
    edge.set_clock(86_511);
    assert_eq!(patient(|| edge.get(&token("es256-1", 86_500))).status, 200);
    edge.check_no_trap();
}

#[test]
fn the_log_tells_a_missing_cluster_from_one_without_hosts() {
    for (cluster, line) in [
        ("absent", "there is no cluster `absent` to call"),
        ("deserted", "cluster `deserted` has no usable host at the moment"),
    ] {
        let mut policy = fetching_policy();
        policy["issuers"][0]["envoy_cluster"] = cluster.into();
        let edge = edge(policy, &Server::start(Answer::Silence));
        edge.wait_for_log(line);
        assert_eq!(edge.get(&token("es256-1", 0)).status, 503);
        edge.wait_for_log("nothing to use: requests that need it are answered 503");
        edge.check_no_trap();
    }
}

#[test]
fn a_clock_that_goes_back_is_reported_once_and_so_is_its_return() {
    let edge = edge(inline_policy(), &Server::start(Answer::Silence));
    let token = token("es256-1", 0);
    assert_eq!(edge.get(&token).status, 200);
    edge.set_clock(-301);
    for _ in 0..3 {
        assert_eq!(edge.get(&token).status, 503);
    }
    edge.wait_for_log("edgelatch_access_denied{clock.bad}");
    edge.set_clock(1);
    for _ in 0..3 {
        assert_eq!(edge.get(&token).status, 200);
    }
    edge.wait_for_log("the clock of this host is right again");
    assert_eq!(edge.count_in_log("the clock of this host went back or is wrong"), 1);
    assert_eq!(edge.count_in_log("the clock of this host is right again"), 1);
}

/// An issuer with one key, and an edge that has fetched it.
fn start() -> (Server, Edge) {
    let issuer = Server::start(Answer::Now(200, key_set(&["es256-1"])));
    let edge = edge(fetching_policy(), &issuer);
    // The worker's filter and the one of the main thread.
    wait_until("both have the keys", || edge.count_in_log("1 keys in use") == 2);
    (issuer, edge)
}

fn edge(policy: serde_json::Value, issuer: &Server) -> Edge {
    Edge::start(Plan { config: environment("summary"), ..Plan::new(policy, issuer.address) })
}

fn flood(edge: &Edge) {
    for number in 0..20 {
        assert_eq!(edge.get(&token_of_unknown_key(number)).status, 401);
    }
}

fn check_fetches(issuer: &Server, expected: usize, act: impl FnOnce()) {
    let before = issuer.requests().len();
    act();
    // Whoever waited its patience out on a busy machine may be faster than the fetch.
    wait_until("the fetches", || issuer.requests().len() - before >= expected);
    assert_eq!(issuer.requests().len() - before, expected);
}
