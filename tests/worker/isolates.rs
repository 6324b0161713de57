//! Isolates come and go, and each begins with nothing. The issuer must not notice.

use std::thread;
use std::time::{Duration, Instant};

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_tests::lab::{
    NEWEST, Shared, Upstream, Way, Workerd, WorkerdOptions, free_ports, worker,
};
use serde_json::{Value, json};

use super::ground::{Ground, KEY_SET};
use super::patience::{excused, order};

#[test]
fn fifty_cold_isolates_one_after_the_other_fetch_the_keys_once() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let mut policy = ground.policy();
    policy["issuers"][0]["status_list"] = json!({ "uri": format!("{}{LIST}", ground.url) });
    let (_workerd, ports) = isolates(&ground, &policy, &upstream);
    let token = ground.token();
    let mut rounds = Vec::new();
    let mut late = 0;
    for _ in 0..ROUNDS {
        let (before, began) = (ground.front.count(LIST), Instant::now());
        late += ports.iter().map(|port| ask(*port, &token, 200)).sum::<usize>();
        rounds.push((ground.front.count(LIST) - before, began.elapsed()));
    }
    let keys = ground.front.count(KEY_SET);
    report("one by one", keys);
    assert!((1..=1 + late).contains(&keys), "{keys} fetches, of which {late} may be late");
    check_lists(&rounds);
}

/// A list that is half as old as it may become is asked for again, whoever fetched it; requests and answers cross.
/// While the issuer itself is held up, as by a busy machine, every isolate asks: then most rounds must be without that.
fn check_lists(rounds: &[(usize, Duration)]) {
    let is_seldom = |(lists, took): &(usize, Duration)| {
        *lists <= 4 * usize::try_from(took.as_secs()).unwrap() + 4
    };
    let all = (rounds.iter().map(|round| round.0).sum(), rounds.iter().map(|round| round.1).sum());
    println!("isolates: the status list was fetched {} times in {:?}", all.0, all.1);
    let kept = rounds.iter().filter(|round| is_seldom(round)).count();
    assert!(is_seldom(&all) || kept * 4 >= ROUNDS * 3, "fetches of the list: {rounds:?}");
}

/// Nobody can wait for a fetch of another isolate: those that are cold in the same moment fetch each by itself.
#[test]
fn fifty_isolates_that_are_cold_at_once_fetch_the_keys_at_most_once_each() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let (_workerd, ports) = isolates(&ground, &ground.policy(), &upstream);
    let token = ground.token();
    let late = thread::scope(|scope| {
        let halves = ports.chunks(ISOLATES / THREADS);
        let threads = halves.map(|half| scope.spawn(|| ask_in_rounds(half, &token)));
        let threads = threads.collect::<Vec<_>>();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    let fetches = ground.front.count(KEY_SET);
    report(&format!("{THREADS} at a time"), fetches);
    assert!((1..=THREADS + late).contains(&fetches), "{fetches} fetches, {late} may be late");
}

fn ask_in_rounds(ports: &[u16], token: &str) -> usize {
    (0..ROUNDS).flat_map(|_| ports).map(|port| ask(*port, token, 200)).sum()
}

#[test]
fn tokens_that_nobody_signed_do_not_make_isolates_fetch_without_end() {
    let (ground, upstream) = (Ground::set_up(), Upstream::start().unwrap());
    let mut policy = ground.policy();
    policy["issuers"][0]["cooldown_seconds"] = json!(1);
    let (_workerd, ports) = isolates(&ground, &policy, &upstream);
    let token = ground.token();
    for port in &ports {
        ask(*port, &token, 200);
    }
    thread::sleep(Duration::from_secs(3));
    let (before, began) = (ground.front.count(KEY_SET), Instant::now());
    let unknown = of_another_key(&token);
    let mut late = 0;
    for port in (0..ROUNDS).flat_map(|_| &ports) {
        late += ask(*port, &unknown, 401);
    }
    let fetches = ground.front.count(KEY_SET) - before;
    let seconds = began.elapsed().as_secs();
    report(&format!("with an unknown key, in {seconds} s"), fetches);
    assert!(fetches > 0, "the key could have been new");
    let most = usize::try_from(seconds).unwrap() + 2 + late;
    assert!(fetches <= most, "{fetches} fetches in {seconds} s, {late} may be late");
}

/// One request, and how many fetches more than usual it may have caused.
fn ask(port: u16, token: &str, expected: u16) -> usize {
    let began = Instant::now();
    assert_eq!(order(port, token).status, expected);
    excused(began.elapsed())
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
