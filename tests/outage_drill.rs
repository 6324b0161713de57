//! The outage drill: the server of the keys is killed, slow, lying or rotating while good and bad tokens keep
//! coming to a real Envoy with two workers. No bad token passes, and no good one is refused as long as the last good
//! keys may be used.

#![cfg(test)]

#[path = "outage_drill/issuer.rs"]
mod issuer;
#[path = "outage_drill/load.rs"]
mod load;
#[path = "outage_drill/stage.rs"]
mod stage;
#[path = "outage_drill/tokens.rs"]
mod tokens;

use std::time::Duration;

use issuer::{Answer, key_set};
use load::Phase;
use stage::{ENOUGH, MAXIMUM_STALE, Stage};
use tokens::good;

/// Requests of the whole drill.
const LEAST_REQUESTS: usize = 10_000;

#[test]
fn an_outage_of_the_issuer_lets_nobody_in_and_keeps_nobody_out() {
    let mut stage = Stage::start();
    let faults = faults(&stage.spy_url());
    let rounds = faults.len();
    for (name, fault) in faults {
        stage.fail(name, fault);
        stage.recover(&key_set(&["es256-1"]));
    }
    kill(&mut stage);
    rotate(&mut stage);
    go_dark(&mut stage);
    stage.load.wait_for_total(LEAST_REQUESTS);

    let counts = stage.finish();
    println!(
        "outage drill: {rounds} faults and a rotation, {counts}, {} wrong accepts, {} good refused",
        counts.wrong_accepts.len(),
        counts.wrong_refusals.len()
    );
    assert_eq!(counts.wrong_accepts, Vec::<String>::new());
    assert_eq!(counts.wrong_refusals, Vec::<String>::new());
    assert!(counts.good > 1_000 && counts.bad > 1_000, "{counts}");
    assert!(counts.fetches <= counts.allowed_fetches, "{counts}");
    assert_eq!(counts.strays, 0, "somebody followed a URL that came from outside the policy");
    assert_eq!(counts.traps, 0, "the filter failed and was loaded again");
}

/// Everything that a server can do instead of sending keys (J02, J03).
fn faults(elsewhere: &str) -> Vec<(&'static str, Answer)> {
    let now =
        |status, body: &str| Answer::Now { status, headers: String::new(), body: body.into() };
    let unsupported = r#"{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"EC","crv":"P-521"}]}"#;
    let same = r#"{"kty":"EC","crv":"P-256"},"#.repeat(2_000);
    let private = key_set(&["es256-1"]).replace(r#""kty""#, r#""d":"AAAA","kty""#);
    let with =
        |headers: String, status, body: &str| Answer::Now { status, headers, body: body.into() };
    vec![
        ("an error", now(500, "out of order")),
        ("an overload", with("retry-after: 5\r\n".to_owned(), 503, "later")),
        ("HTML", now(200, "<html><body>Welcome to nginx!</body></html>")),
        ("nothing", now(200, "")),
        ("an empty set", now(200, r#"{"keys":[]}"#)),
        ("keys that nobody can use", now(200, unsupported)),
        ("a set of 2,000 keys", now(200, &format!("{{\"keys\":[{same}null]}}"))),
        ("ten megabytes", now(200, &format!("{{\"keys\":[\"{}\"]}}", "A".repeat(10 << 20)))),
        ("a private key", now(200, &private)),
        ("compressed bytes", with("content-encoding: gzip\r\n".to_owned(), 200, "\u{1f}\u{8b}")),
        ("a redirect", with(format!("location: {elsewhere}\r\n"), 302, "")),
        ("half a set", Answer::Half(key_set(&["es256-1"]))),
        ("a set that drips", Answer::Drip(key_set(&["es256-1"]), Duration::from_millis(200))),
        ("silence", Answer::Silence),
    ]
}

/// Nobody listens for two cool-downs, then the server is back.
fn kill(stage: &mut Stage) {
    stage.issuer.kill();
    for _ in 0..2 {
        stage.step();
        stage.wait_for_kept();
        stage.load.wait_for(ENOUGH);
    }
    stage.issuer.revive();
    stage.recover(&key_set(&["es256-1"]));
}

/// Both keys, then only the new one: good tokens pass at every moment, tokens of the removed key do not (J06, K13).
fn rotate(stage: &mut Stage) {
    stage.recover(&key_set(&["es256-1", "es256-2"]));
    stage.load.use_token(good("es256-2"));
    stage.load.wait_for(ENOUGH);
    stage.recover(&key_set(&["es256-2"]));
    for _ in 0..40 {
        assert_eq!(stage.status_of(&good("es256-1")), 401, "the key was removed");
    }
    stage.load.wait_for(ENOUGH);
}

/// Longer than the last good keys may be used: 503 to good tokens, still nothing for bad ones (J01).
fn go_dark(stage: &mut Stage) {
    stage.issuer.kill();
    stage.load.enter(Phase::Between);
    stage.advance(MAXIMUM_STALE + 1);
    stage.wait_for_none();
    stage.load.enter(Phase::Dark);
    // Each of these waits two seconds for keys before it is told that there are none.
    stage.load.wait_for(40);
    stage.load.enter(Phase::Between);
    stage.issuer.revive();
    stage.recover(&key_set(&["es256-2"]));
    stage.load.enter(Phase::Served);
    stage.load.wait_for(ENOUGH);
}
