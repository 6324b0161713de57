//! Status lists that go wrong: whoever was refused stays refused, whoever was good stays good, until the last good list
//! is too old.

use edgelatch_tests::minting::merge;
use serde_json::{Value, json};

use super::edge::{Edge, NOW, Plan, fetching_policy, key_set, mint, wait_until};
use super::server::{Answer, Server};
use super::status_list::{URI, list, packed};
use super::workers::Workers;

/// How long the last good list may be used.
const MAXIMUM_STALE: u64 = 600;

#[test]
fn a_bad_list_changes_nothing_until_the_last_good_one_is_too_old() {
    let stage = Stage::start(&list(0, 5, &["token-1"], &json!({})));
    let mut workers = stage.workers();
    let bad = bad_lists();
    let mut seconds = 0;
    for (kept, (name, answer)) in (1..).zip(bad) {
        stage.issuer.answer_at("/status-list", answer);
        seconds += STEP;
        stage.edge.set_clock(seconds);
        wait_until(name, || stage.edge.count_in_log("status-list was not renewed") == kept);
        assert_eq!(workers.statuses(&revoked()), [401, 401], "{name}");
        assert_eq!(workers.statuses(&good()), [200, 200], "{name}");
    }
    assert_eq!(stage.edge.count_in_log("answered 503"), 0);

    // Too old: nobody can tell any more who is revoked.
    stage.edge.set_clock(i64::try_from(MAXIMUM_STALE).unwrap() + 1);
    assert_eq!(workers.statuses(&good()), [503, 503]);
    assert_eq!(workers.statuses(&revoked()), [503, 503]);
    stage.edge.wait_for_log("edgelatch_access_denied{rev.none}");
    stage.edge.wait_for_log("nothing to use: requests that need it are answered 503");
    let answer = list(MAXIMUM_STALE, 6, &["token-1"], &json!({}));
    stage.issuer.answer_at("/status-list", Answer::Now(200, answer));
    stage.edge.set_clock(i64::try_from(MAXIMUM_STALE).unwrap() + 1 + STEP);
    // Each worker takes the list at its own next tick, and a busy machine delays ticks.
    wait_until("both have the list again", || workers.statuses(&good()) == [200, 200]);
    assert_eq!(workers.statuses(&revoked()), [401, 401]);
    stage.edge.check_no_trap();
}

/// Every way in which a list may fail to be one (R02, J09).
fn bad_lists() -> Vec<(&'static str, Answer)> {
    let whole = list(1, 6, &[], &json!({}));
    let (head, tail) = whole.split_at(whole.len() / 2);
    let signed_by =
        |key: &str| list(1, 6, &[], &json!({ "key": key, "header": { "kid": "es256-1" } }));
    let changed = |claims: Value| list(1, 6, &[], &json!({ "claims": claims }));
    let typed = |name: &str| list(1, 6, &[], &json!({ "header": { "typ": name } }));
    let unsigned = json!({ "header": { "alg": "none" }, "signature": [{ "truncate": 0 }] });
    let documents = [
        ("half a list", head.to_owned()),
        ("a list with bytes behind it", format!("{whole}\n")),
        ("another half", tail.to_owned()),
        ("nothing", String::new()),
        ("a page", "<html>Welcome to nginx!</html>".to_owned()),
        ("an unsigned list", list(1, 6, &[], &unsigned)),
        ("a list with a flipped bit", list(1, 6, &[], &json!({ "signature": [{ "flip": 7 }] }))),
        ("a stranger's list", signed_by("stranger")),
        ("a list of another type", typed("at+jwt")),
        ("a list of no type", typed("JWT")),
        ("another issuer's list", changed(json!({ "iss": "https://other.example.com" }))),
        ("another list", changed(json!({ "sub": "http://issuer/other" }))),
        ("a list that is over", changed(json!({ "iat": NOW - 900, "exp": NOW - 600 }))),
        ("a list from the future", changed(json!({ "iat": NOW + 86_400 }))),
        ("a list that was made before", list(0, 4, &[], &json!({}))),
        ("an older list with a new number", changed(json!({ "iat": NOW - 60, "sequence": 9 }))),
        ("bits that are none", changed(json!({ "status_list": { "bits": 1, "lst": "AAAA" } }))),
        (
            "a list of five million entries",
            changed(json!({
                "status_list": { "bits": 1, "lst": packed(&vec![0; 5_000_000 / 8]) }
            })),
        ),
    ];
    let documents = documents.map(|(name, body)| (name, Answer::Now(200, body)));
    let failures = [
        ("an error", Answer::Now(500, "out of order".to_owned())),
        ("an overload", Answer::With(503, "retry-after: 5\r\n", String::new())),
        ("a redirect", Answer::With(302, "location: http://127.0.0.1:9/\r\n", String::new())),
        ("three megabytes", Answer::Now(200, "A".repeat(3 << 20))),
    ];
    documents.into_iter().chain(failures).collect()
}

/// A restored backup, or somebody who would give access back (J09): after a newer list, an older one is refused even if
/// it is signed well, on the worker that fetches it and on the other.
#[test]
fn access_that_was_taken_away_is_not_given_back_by_an_older_list() {
    let stage = Stage::start(&list(0, 5, &[], &json!({})));
    let mut workers = stage.workers();
    assert_eq!(workers.statuses(&revoked()), [200, 200]);
    stage.renew(STEP, 1, &list(5, 6, &["token-1"], &json!({})));
    assert_eq!(workers.statuses(&revoked()), [401, 401]);
    stage.issuer.answer_at("/status-list", Answer::Now(200, list(0, 5, &[], &json!({}))));
    stage.edge.set_clock(2 * STEP);
    stage.edge.wait_for_log("older than what is in force");
    assert_eq!(workers.statuses(&revoked()), [401, 401]);
    stage.edge.check_no_trap();
}

/// R06: a revoked token is refused until nobody takes it any more, whatever the clock does.
#[test]
fn a_revoked_token_stays_refused_to_its_last_second() {
    let stage = Stage::start(&list(0, 5, &["token-1"], &json!({})));
    let mut workers = stage.workers();
    let (revoked, twin) = (expiring("token-1"), expiring("token-2"));
    // Its `exp` is at 300, and clocks may differ by ten seconds.
    for (seconds, of_twin) in [(0, 200), (299, 200), (300, 200), (309, 200), (310, 401)] {
        stage.edge.set_clock(seconds);
        assert_eq!(workers.statuses(&revoked), [401, 401], "{seconds}");
        assert_eq!(workers.statuses(&twin), [of_twin, of_twin], "{seconds}");
    }
    // A little back is a correction, far back is a clock that nobody can trust.
    for (seconds, of_revoked, of_twin) in [(290, 401, 200), (-100, 503, 503)] {
        stage.edge.set_clock(seconds);
        assert_eq!(workers.statuses(&revoked), [of_revoked; 2], "{seconds}");
        assert_eq!(workers.statuses(&twin), [of_twin; 2], "{seconds}");
    }
    stage.edge.check_no_trap();
}

/// R03: a list of a million entries, one of them set.
#[test]
fn a_million_entries_cost_a_few_megabytes() {
    let stage = Stage::start(&list(0, 5, &[], &json!({})));
    let mut workers = stage.workers();
    assert_eq!(workers.statuses(&placed(777_777)), [401, 401], "the list has no such place");
    let before = stage.edge.envoy.resident_bytes().unwrap();
    let mut bits = vec![0; 1_000_000 / 8];
    bits[777_777 / 8] = 1 << (777_777 % 8);
    let million = json!({ "claims": { "status_list": { "lst": packed(&bits) } } });
    for (number, sequence) in (1..=10).zip(6..) {
        let seconds = STEP * i64::try_from(number).unwrap();
        let issued = u64::try_from(seconds).unwrap();
        stage.renew(seconds, number, &list(issued, sequence, &[], &million));
    }
    assert_eq!(workers.statuses(&placed(777_777)), [401, 401]);
    for other in [0, 777_776, 777_778, 999_999] {
        assert_eq!(workers.statuses(&placed(other)), [200, 200], "{other}");
    }
    let more = stage.edge.envoy.resident_bytes().unwrap().saturating_sub(before);
    println!("a list of 1,000,000 entries, renewed ten times: {} KiB more in Envoy", more / 1024);
    assert!(more < 32 << 20, "{more} bytes");
    stage.edge.check_no_trap();
}

/// Between two fetches, and behind every pause after a failure.
const STEP: i64 = 6;

/// An issuer that serves keys and a list, and an edge with two workers that has both.
struct Stage {
    issuer: Server,
    edge: Edge,
}

impl Stage {
    fn start(first: &str) -> Self {
        let issuer = Server::start(Answer::Now(200, key_set(&["es256-1"])));
        issuer.answer_at("/status-list", Answer::Now(200, first.to_owned()));
        let mut policy = fetching_policy();
        let status_list = json!({ "status_list": {
            "uri": URI, "wait_seconds": 0, "refresh_seconds": 5,
            "maximum_stale_seconds": MAXIMUM_STALE,
        } });
        merge(&mut policy["issuers"][0], &status_list);
        let edge = Edge::start(Plan { workers: 2, ..Plan::new(policy, issuer.address) });
        wait_until("everybody has the list", || edge.count_in_log(" entries, ") == ENGINES);
        Self { issuer, edge }
    }

    fn workers(&self) -> Workers {
        Workers::connect(&self.edge.envoy, self.edge.address)
    }

    /// Has everybody take this list, which is the `number`th new one.
    fn renew(&self, seconds: i64, number: usize, list: &str) {
        self.issuer.answer_at("/status-list", Answer::Now(200, list.to_owned()));
        self.edge.set_clock(seconds);
        let expected = ENGINES * (number + 1);
        wait_until("everybody has the new list", || {
            self.edge.count_in_log(" entries, ") >= expected
        });
    }
}

/// Two workers and the main thread.
const ENGINES: usize = 3;

fn revoked() -> String {
    mint(json!({ "claims": { "exp": NOW + 3_600 } }))
}

fn good() -> String {
    mint(json!({ "claims": { "exp": NOW + 3_600, "jti": "token-2" } }))
}

fn expiring(token_id: &str) -> String {
    mint(json!({ "claims": { "jti": token_id } }))
}

/// A token with a place in the list.
fn placed(index: u64) -> String {
    mint(json!({ "claims": {
        "exp": NOW + 3_600, "status": { "status_list": { "idx": index, "uri": URI } },
    } }))
}
