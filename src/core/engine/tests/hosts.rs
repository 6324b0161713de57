//! What a host may ask an engine about.

use super::*;

fn with(more: &Value) -> Engine {
    let mut document = json!({
        "routes": [{ "name": "open", "methods": ["GET"], "path": "/open", "mode": "public" }],
    });
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Engine::new(Policy::from_json(document.to_string().as_bytes()).unwrap())
}

#[test]
fn says_what_of_a_connection_it_needs() {
    let near = json!([{
        "name": "near", "methods": ["GET"], "path": "/near", "mode": "public",
        "networks": ["10.0.0.0/8"],
    }]);
    let forwarded = json!({ "from": "xfcc", "trusted_networks": ["10.0.0.0/8"] });
    for (more, source, certificate) in [
        (json!({}), false, false),
        (json!({ "routes": near }), true, false),
        (json!({ "client_certificate": forwarded }), true, false),
        (json!({ "client_certificate": { "from": "connection" } }), false, true),
    ] {
        let engine = with(&more);
        assert_eq!(
            (engine.uses_source(), engine.uses_certificate()),
            (source, certificate),
            "{more}"
        );
    }
}

#[test]
fn says_which_names_a_client_may_not_bring_to_the_upstream() {
    let forwarded = json!({ "from": "xfcc", "trusted_networks": ["10.0.0.0/8"] });
    let engine = with(&json!({
        "forward": { "headers": { "x-caller": "client_id" }, "strip": ["x-internal"] },
        "client_certificate": forwarded,
    }));
    for (name, is_reserved) in [
        ("x-caller", true),
        ("X_Caller", true),
        ("x-internal", true),
        ("x-forwarded-client-cert", true),
        ("X-Forwarded_Client-Cert", true),
        ("x-forwarded-client-name", false),
        ("x-forwarded-client-cer", false),
        ("x-other", false),
        ("", false),
    ] {
        assert_eq!(engine.is_reserved_header(name.as_bytes()), is_reserved, "{name}");
    }
}

#[test]
fn a_time_at_which_a_host_answered_by_itself_counts_for_the_clock() {
    let mut engine = remote();
    engine.saw(at(1_000));
    let said = |engine: &mut Engine, now| code(&decide(engine, "/read", Some("a.b.c"), at(now)));
    assert_eq!(said(&mut engine, 699), "clock.bad");
    assert_ne!(said(&mut engine, 700), "clock.bad");
    // A time that cannot be is not noted.
    engine.saw(Timestamp::from_unix_seconds(u64::MAX));
    assert_ne!(said(&mut engine, 700), "clock.bad");
}

#[test]
fn says_until_when_an_allowed_token_is_good() {
    let mut engine = remote();
    accept(&mut engine, &key_set(&[jwk(1, "k")]), at(0));
    let text = token(1, "k", "https://a.test");
    let said = |engine: &mut Engine, now| code(&decide(engine, "/read", Some(&text), at(now)));
    assert_eq!(said(&mut engine, 0), "allow");
    let token = engine.remember(&text).unwrap();
    let end = engine.holds_until(&token).seconds_since(at(0));
    assert_eq!(said(&mut engine, end - 1), "allow");
    assert_ne!(said(&mut engine, end), "allow");
}
