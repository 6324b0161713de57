//! Isolates come and go, and each begins with nothing. The issuer must not notice.

use std::thread;
use std::time::{Duration, Instant};

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_tests::lab::{
    NEWEST, Shared, Upstream, Way, Workerd, WorkerdOptions, free_ports, worker,
};
use serde_json::{Value, json};

use super::ground::{Ground, KEY_SET, send};

#[test]
fn fifty_cold_isolates_one_after_the_other_fetch_the_keys_once() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let mut policy = ground.policy();
    policy["issuers"][0]["status_list"] = json!({ "uri": format!("{}{LIST}", ground.url) });
    let (_workerd, ports) = isolates(&ground, &policy, &upstream);
    let token = ground.token();
    let began = Instant::now();
    for round in 0..ROUNDS {
        for port in &ports {
            assert_eq!(send(*port, "GET", "/orders/17", &token).status, 200, "round {round}");
        }
    }
    let (keys, lists) = (ground.front.count(KEY_SET), ground.front.count(LIST));
    let seconds = began.elapsed().as_secs();
    report("one by one", keys);
    println!("isolates: the status list was fetched {lists} times in {seconds} s");
    assert_eq!(keys, 1);
    // A list that is half as old as it may become is asked for again, whoever fetched it; requests and answers cross.
    assert!(
        lists <= 4 * usize::try_from(seconds).unwrap() + 4,
        "{lists} fetches of the list in {seconds} s"
    );
}

/// Nobody can wait for a fetch of another isolate: those that are cold in the same moment fetch each by itself.
#[test]
fn fifty_isolates_that_are_cold_at_once_fetch_the_keys_at_most_once_each() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (_workerd, ports) = isolates(&ground, &ground.policy(), &upstream);
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
    report(&format!("{THREADS} at a time"), fetches);
    assert!((1..=THREADS).contains(&fetches), "{fetches} fetches");
}

#[test]
fn tokens_that_nobody_signed_do_not_make_isolates_fetch_without_end() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let mut policy = ground.policy();
    policy["issuers"][0]["cooldown_seconds"] = json!(1);
    let (_workerd, ports) = isolates(&ground, &policy, &upstream);
    let token = ground.token();
    for port in &ports {
        assert_eq!(send(*port, "GET", "/orders/17", &token).status, 200);
    }
    thread::sleep(Duration::from_secs(3));
    let (before, began) = (ground.front.count(KEY_SET), Instant::now());
    let unknown = of_another_key(&token);
    for _ in 0..ROUNDS {
        for port in &ports {
            assert_eq!(send(*port, "GET", "/orders/17", &unknown).status, 401);
        }
    }
    let fetches = ground.front.count(KEY_SET) - before;
    let seconds = began.elapsed().as_secs();
    report(&format!("with an unknown key, in {seconds} s"), fetches);
    assert!(fetches > 0, "the key could have been new");
    assert!(fetches <= usize::try_from(seconds).unwrap() + 2, "{fetches} fetches in {seconds} s");
}

/// The same token under a name of a key that nobody has.
fn of_another_key(token: &str) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    let header = Base64UrlUnpadded::encode_string(br#"{"alg":"ES256","typ":"at+jwt","kid":"x"}"#);
    format!("{header}.{rest}")
}

fn report(how: &str, fetches: usize) {
    let requests = ISOLATES * ROUNDS;
    println!(
        "isolates: {requests} requests over {ISOLATES} isolates, {how}: {fetches} key fetches"
    );
}

fn isolates(ground: &Ground, policy: &Value, upstream: &Upstream) -> (Workerd, Vec<u16>) {
    let ports = free_ports(ISOLATES).unwrap();
    let options = WorkerdOptions {
        worker: &worker().unwrap(),
        folder: &ground.path("gateway"),
        policy,
        upstream: upstream.address,
        way: Way::Url,
        date: NEWEST,
        variables: &[],
        ports: &ports,
        shared: Shared::Cache,
    };
    (Workerd::start(&options).unwrap(), ports)
}

const LIST: &str = "/status-list";
const ISOLATES: usize = 50;
const ROUNDS: usize = 20;
const THREADS: usize = 10;
