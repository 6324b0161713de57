//! Access that is taken away at the issuer is refused by every worker of an edge, moments later and not before: the
//! shipped configuration, the real issuer, the real command line.

use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::Client;
use serde_json::Value;

use super::edge::wait_until;
use super::shipped::Stage;
use super::workers::Workers;

/// R01: a client, a secret, a scope, a single token. Each time the others live on.
#[test]
fn what_the_issuer_takes_away_every_worker_refuses_at_once() {
    let stage = Stage::start();
    let mut workers = stage.workers();
    let billing = stage.add_client("billing", &["orders:read", "orders:write"]);
    let other = stage.add_client("other", &["orders:read"]);
    let bystander = stage.token(&other).unwrap();
    let check_bystander = |workers: &mut Workers| {
        assert_eq!(workers.statuses(&bystander), [200, 200], "nobody else is touched");
    };
    check_bystander(&mut workers);

    let [first, second] = [(); 2].map(|()| stage.token(&billing).unwrap());
    assert_eq!(workers.statuses(&first), [200, 200]);
    assert_eq!(stage.post("/revoke", &billing, &format!("token={first}")).status, 200);
    refuse(&stage, &mut workers, "one token revoked (RFC 7009)", &first);
    assert_eq!(workers.statuses(&second), [200, 200], "the client's other token");

    stage.administer(&["client", "scope", "remove", &billing.client_id, "orders:write"]);
    refuse(&stage, &mut workers, "a scope removed", &second);
    let third = stage.token(&billing).unwrap();
    assert_eq!(workers.statuses(&third), [200, 200]);

    let fourth = replace_secret(&stage, &mut workers, &billing, &third);

    stage.administer(&["client", "disable", &billing.client_id]);
    refuse(&stage, &mut workers, "the client disabled", &fourth);
    stage.administer(&["client", "enable", &billing.client_id]);
    check_bystander(&mut workers);
    for dead in [&first, &second, &third, &fourth] {
        assert_eq!(workers.statuses(dead), [401, 401], "old tokens stay dead");
    }

    stage.administer(&["client", "remove", &other.client_id]);
    refuse(&stage, &mut workers, "the client removed", &bystander);
    check_delays(&stage);
}

/// A second secret, then the first one is dropped: only what was got with it dies. Returns a token of the new one.
fn replace_secret(stage: &Stage, workers: &mut Workers, client: &Client, of_old: &str) -> String {
    let added = stage.administer(&["client", "secret", "add", &client.client_id, "--json"]);
    let added: Client = serde_json::from_str(&added).unwrap();
    wait_until("the new secret works", || stage.token(&added).is_some());
    let of_new = stage.token(&added).unwrap();
    assert_eq!(workers.statuses(&of_new), [200, 200]);
    let secrets = stage.administer(&["client", "secret", "list", &client.client_id, "--json"]);
    let secrets: Value = serde_json::from_str(&secrets).unwrap();
    let oldest = secrets[0]["secret_id"].as_str().unwrap();
    stage.administer(&["client", "secret", "drop", &client.client_id, oldest]);
    refuse(stage, workers, "a secret dropped", of_old);
    assert_eq!(workers.statuses(&of_new), [200, 200], "of the secret that stays");
    of_new
}

/// Waits until both workers refuse a token that was good, and says how long that took.
fn refuse(stage: &Stage, workers: &mut Workers, what: &str, token: &str) {
    let since = Instant::now();
    let mut refused = [None; 2];
    while refused.contains(&None) {
        for (worker, refused) in refused.iter_mut().enumerate() {
            if refused.is_none() && workers.get(worker, token).status == 401 {
                *refused = Some(since.elapsed());
            }
        }
        assert!(since.elapsed() < PROMISED, "{what}: {refused:?}\n{}", stage.log());
        thread::sleep(Duration::from_millis(5));
    }
    println!("{what}: refused after {:?}", refused.map(Option::unwrap));
}

/// The edge says itself how long changes take to reach it.
fn check_delays(stage: &Stage) {
    let ask = || stage.envoy.ask("/stats/prometheus?filter=edgelatch").unwrap();
    // Workers hand their numbers over once a second.
    wait_until("the refusals are counted", || ask().contains(r#"edgelatch_reason="rev.hit""#));
    let stats = ask();
    let of = |name: &str| {
        let line = stats.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
        value.unwrap_or_else(|| panic!("no {name} in\n{stats}"))
    };
    let last = of("edgelatch_last_revocation_delay_milliseconds{");
    println!("the last change was in force after {last} ms");
    assert!(Duration::from_millis(last) < PROMISED);
    let labels = r#"edgelatch_requests{edgelatch_issuer="http://127.0.0.1:"#;
    assert!(stats.contains(labels), "{stats}");
    assert!(stats.contains(r#"edgelatch_outcome="denied",edgelatch_reason="rev.hit""#), "{stats}");
    assert!(stats.contains(r#"edgelatch_feed="status_list""#), "{stats}");
}

/// The list of the threats says five seconds; it should be one.
const PROMISED: Duration = Duration::from_secs(5);
