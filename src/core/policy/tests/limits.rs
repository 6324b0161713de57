//! How much of everything there may be, and how long it may last.

use super::*;

/// Tries both ends of a range, and one beyond each.
fn check_range(place: &str, least: u64, most: u64, with: impl Fn(u64) -> Value) {
    for value in [least, most] {
        check(&with(value), Ok(()));
    }
    for value in [least.checked_sub(1), Some(most + 1)].into_iter().flatten() {
        check(&with(value), Err(("cfg.value", place)));
    }
}

#[test]
fn numbers_of_the_policy_have_limits() {
    check_range("maximum_token_bytes", 256, 16_384, |value| {
        document(&json!({ "maximum_token_bytes": value }))
    });
    for (field, most) in [("maximum_entries", 1_000_000), ("maximum_bytes", 536_870_912)] {
        check_range(&format!("token_cache.{field}"), 0, most, |value| {
            document(&json!({ "token_cache": { field: value } }))
        });
    }
}

#[test]
fn numbers_of_an_issuer_have_limits() {
    let with = |patch: &Value| document(&json!({ "issuers": [issuer(patch)] }));
    for (field, least, most) in [
        ("clock_skew_seconds", 0, 300),
        ("maximum_token_lifetime_seconds", 1, 31_536_000),
        ("cooldown_seconds", 1, 3_600),
    ] {
        let place = format!("issuers[0].{field}");
        check_range(&place, least, most, |value| with(&json!({ field: value })));
    }
    check_range("issuers[0].refresh_seconds", 10, 43_200, |value| {
        with(&json!({ "refresh_seconds": value }))
    });
    check_range("issuers[0].maximum_stale_seconds", 60, 604_800, |value| {
        with(&json!({ "refresh_seconds": 10, "maximum_stale_seconds": value }))
    });
}

#[test]
fn numbers_of_a_status_list_have_limits() {
    let with = |patch: Value| {
        let mut list = json!({ "uri": "https://issuer.test/status-list" });
        merge(&mut list, &patch);
        document(&json!({ "issuers": [issuer(&json!({ "status_list": list }))] }))
    };
    let place = |field: &str| format!("issuers[0].status_list.{field}");
    for (field, least, most) in [("wait_seconds", 0, 60), ("refresh_seconds", 1, 3_500)] {
        for value in [least, most] {
            check(&with(json!({ field: value })), Ok(()));
        }
    }
    check(&with(json!({ "wait_seconds": 61 })), Err(("cfg.value", &place("wait_seconds"))));
    for seconds in [0, 3_601] {
        let patch = json!({ "refresh_seconds": seconds });
        check(&with(patch), Err(("cfg.value", &place("refresh_seconds"))));
    }
    let stale = |seconds: u64| {
        with(json!({
            "wait_seconds": 5, "refresh_seconds": 5, "maximum_stale_seconds": seconds,
        }))
    };
    check(&stale(11), Ok(()));
    check(&stale(86_400), Ok(()));
    check(&stale(10), Err(("cfg.conflict", &place("maximum_stale_seconds"))));
    check(&stale(9), Err(("cfg.value", &place("maximum_stale_seconds"))));
    check(&stale(86_401), Err(("cfg.value", &place("maximum_stale_seconds"))));
    check(&with(json!({ "uri": "http://issuer.test/" })), Err(("cfg.value", &place("uri"))));
}

#[test]
fn a_policy_has_at_most_64_issuers() {
    let with = |count: usize| {
        let named = |index| issuer(&json!({ "issuer": format!("https://i{index}.test") }));
        document(&json!({ "issuers": (0..count).map(named).collect::<Vec<_>>() }))
    };
    check(&with(64), Ok(()));
    check(&with(65), Err(("cfg.value", "issuers")));
}

#[test]
fn a_name_of_a_route_has_1_to_64_plain_letters() {
    for name in ["a", "A-z_0.9", &"a".repeat(64)] {
        check_route(&json!({ "name": name }), Ok(()));
    }
    for name in ["", "a b", "\u{e9}", "a/b", &"a".repeat(65)] {
        check_route(&json!({ "name": name }), Err(("cfg.value", "routes[0].name")));
    }
}

#[test]
fn a_list_that_is_there_says_something() {
    for field in ["clients", "audiences", "issuers", "networks"] {
        let place = format!("routes[0].{field}");
        check_route(&json!({ field: [] }), Err(("cfg.value", &place)));
        check_route(&json!({ field: [""] }), Err(("cfg.value", &format!("{place}[0]"))));
    }
    check_route(&json!({ "hosts": [] }), Err(("cfg.value", "routes[0].hosts")));
    check_route(&json!({ "scopes": { "all": null } }), Err(("cfg.value", "routes[0].scopes")));
    check_route(
        &json!({ "scopes": { "all": ["read", ""] } }),
        Err(("cfg.value", "routes[0].scopes.all[1]")),
    );
    check_route(&json!({ "methods": [] }), Err(("cfg.value", "routes[0].methods")));
    check_route(&json!({ "methods": ["GET", ""] }), Err(("cfg.value", "routes[0].methods")));
    check_route(&json!({ "methods": ["VERSION-CONTROL"] }), Ok(()));
    check_issuer(&json!({ "audiences": [""] }), Err(("cfg.value", "issuers[0].audiences")));
}
