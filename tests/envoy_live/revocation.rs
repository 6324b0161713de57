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
    let mut delays = Delays::default();
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
    delays.refuse(&stage, &mut workers, "one token revoked (RFC 7009)", &first);
    assert_eq!(workers.statuses(&second), [200, 200], "the client's other token");

    stage.administer(&["client", "scope", "remove", &billing.client_id, "orders:write"]);
    delays.refuse(&stage, &mut workers, "a scope removed", &second);
    let third = stage.token(&billing).unwrap();
    assert_eq!(workers.statuses(&third), [200, 200]);

    let fourth = replace_secret(&stage, &mut workers, &billing);
    delays.refuse(&stage, &mut workers, "a secret dropped", &third);
    assert_eq!(workers.statuses(&fourth), [200, 200], "of the secret that stays");

    stage.administer(&["client", "disable", &billing.client_id]);
    delays.refuse(&stage, &mut workers, "the client disabled", &fourth);
    stage.administer(&["client", "enable", &billing.client_id]);
    check_bystander(&mut workers);
    for dead in [&first, &second, &third, &fourth] {
        assert_eq!(workers.statuses(dead), [401, 401], "old tokens stay dead");
    }

    stage.administer(&["client", "remove", &other.client_id]);
    delays.refuse(&stage, &mut workers, "the client removed", &bystander);
    delays.check();
    check_statistics(&stage);
}

/// A second secret, then the first one is dropped. Returns a token of the new one.
fn replace_secret(stage: &Stage, workers: &mut Workers, client: &Client) -> String {
    let added = stage.administer(&["client", "secret", "add", &client.client_id, "--json"]);
    let added: Client = serde_json::from_str(&added).unwrap();
    wait_until("the new secret works", || stage.token(&added).is_some());
    let of_new = stage.token(&added).unwrap();
    assert_eq!(workers.statuses(&of_new), [200, 200]);
    let secrets = stage.administer(&["client", "secret", "list", &client.client_id, "--json"]);
    let secrets: Value = serde_json::from_str(&secrets).unwrap();
    // They may be of the same second, so their order says nothing.
    let ids =
        secrets.as_array().unwrap().iter().map(|secret| secret["secret_id"].as_str().unwrap());
    let old: Vec<_> = ids.filter(|id| client.client_secret.contains(id)).collect();
    assert_eq!(old.len(), 1, "{secrets}");
    stage.administer(&["client", "secret", "drop", &client.client_id, old[0]]);
    of_new
}

/// How long the changes took to reach the edge.
#[derive(Default)]
struct Delays {
    /// Until both workers refused.
    seen: Vec<Duration>,
    /// By what the edge says itself, right after that.
    told: Vec<Duration>,
}

impl Delays {
    /// Waits until both workers refuse a token that was good.
    fn refuse(&mut self, stage: &Stage, workers: &mut Workers, what: &str, token: &str) {
        let since = Instant::now();
        let mut refused = [None; 2];
        while refused.contains(&None) {
            for (worker, refused) in refused.iter_mut().enumerate() {
                if refused.is_none() && workers.get(worker, token).status == 401 {
                    *refused = Some(since.elapsed());
                }
            }
            assert!(since.elapsed() < PATIENCE, "{what}: {refused:?}\n{}", stage.log());
            thread::sleep(Duration::from_millis(5));
        }
        println!("{what}: refused after {:?}", refused.map(Option::unwrap));
        self.seen.extend(refused.into_iter().flatten().max());
        wait_until("the edge tells its delay", || told_delay(stage).is_some());
        self.told.extend(told_delay(stage));
    }

    /// Most changes kept the promise: a busy machine may be slow now and then.
    fn check(&self) {
        println!("the changes were in force after {:?}", self.told);
        for delays in [&self.seen, &self.told] {
            let kept = delays.iter().filter(|delay| **delay < PROMISED).count();
            assert!(kept * 2 > delays.len(), "{delays:?}");
        }
    }
}

/// How long the last change took, if the edge has said it yet. Workers hand their numbers over once a second.
fn told_delay(stage: &Stage) -> Option<Duration> {
    let stats = stage.statistics();
    let name = "edgelatch_last_revocation_delay_milliseconds{";
    let line = stats.lines().find(|line| line.starts_with(name))?;
    Some(Duration::from_millis(line.rsplit(' ').next()?.parse().unwrap()))
}

fn check_statistics(stage: &Stage) {
    for text in [
        r#"edgelatch_requests{edgelatch_issuer="http://127.0.0.1:"#,
        r#"edgelatch_outcome="denied",edgelatch_reason="rev.hit""#,
        r#"edgelatch_feed="status_list""#,
    ] {
        wait_until(text, || stage.statistics().contains(text));
    }
}

/// The list of the threats says five seconds; it should be one.
const PROMISED: Duration = Duration::from_secs(5);

/// A busy machine takes its time.
const PATIENCE: Duration = Duration::from_mins(1);
