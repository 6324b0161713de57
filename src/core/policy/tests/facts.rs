//! What a host may ask a policy about.

use super::*;

fn policy(document: &Value) -> Policy {
    Policy::from_json(document.to_string().as_bytes()).unwrap()
}

#[test]
fn names_its_issuers_and_routes_in_their_order() {
    let policy = policy(&document(&json!({
        "issuers": [issuer(&json!({})), issuer(&json!({ "issuer": "https://other.test" }))],
        "routes": [
            route(&json!({ "name": "z" })), route(&json!({ "name": "a", "path": "/other" })),
        ],
    })));
    let issuers: Vec<_> = policy.issuers().collect();
    assert_eq!(issuers, ["https://issuer.test", "https://other.test"]);
    assert_eq!(policy.route_names().collect::<Vec<_>>(), ["z", "a"]);
    let positions: Vec<_> = policy.routes.iter().map(|route| route.name.position()).collect();
    assert_eq!(positions, [0, 1]);
}

#[test]
fn says_what_has_to_be_fetched_and_from_where() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let pinned = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x }] });
    let list = json!({ "uri": "https://a.test/list?of=a", "wait_seconds": 7 });
    let policy = policy(&document(&json!({ "issuers": [
        issuer(&json!({ "issuer": "https://p.test", "jwks_uri": null, "jwks": pinned })),
        issuer(&json!({ "issuer": "https://a.test", "envoy_cluster": "a", "status_list": list })),
    ] })));
    let sources: Vec<_> = policy.feed_sources().collect();
    let keys = FeedId { issuer: 1, kind: FeedKind::KeySet };
    let statuses = FeedId { issuer: 1, kind: FeedKind::StatusList };
    let found: Vec<_> = sources.iter().map(|source| (source.feed, source.kind)).collect();
    assert_eq!(found, [(keys, FeedKind::KeySet), (statuses, FeedKind::StatusList)]);
    for source in &sources {
        assert_eq!((source.index, source.issuer), (1, "https://a.test"));
        assert_eq!(source.envoy_cluster, Some("a"));
    }
    assert_eq!(sources[0].uri.path, "/jwks.json");
    assert_eq!(sources[1].uri.path, "/list?of=a&wait=7");
}

#[test]
fn a_status_list_that_need_not_wait_is_asked_for_as_it_is() {
    let list = json!({ "uri": "https://a.test/list", "wait_seconds": 0 });
    let policy =
        policy(&document(&json!({ "issuers": [issuer(&json!({ "status_list": list }))] })));
    assert_eq!(policy.feed_sources().nth(1).unwrap().uri.path, "/list");
}

#[test]
fn says_whether_the_source_of_a_request_matters() {
    let networks = json!(["10.0.0.0/8"]);
    let client = json!({ "client_id": "billing", "networks": networks });
    let proxies = json!({ "from": "xfcc", "trusted_networks": networks });
    for (patch, expected) in [
        (json!({}), false),
        (json!({ "routes": [route(&json!({ "networks": networks }))] }), true),
        (json!({ "clients": [client] }), true),
        (json!({ "client_certificate": proxies }), true),
        (json!({ "client_certificate": { "from": "connection" } }), false),
    ] {
        assert_eq!(policy(&document(&patch)).uses_source(), expected, "{patch}");
    }
}

#[test]
fn says_whether_the_certificate_of_a_connection_matters() {
    let proxies = json!({ "from": "xfcc", "trusted_networks": ["10.0.0.0/8"] });
    for (patch, expected) in [
        (json!({}), false),
        (json!({ "client_certificate": { "from": "connection" } }), true),
        (json!({ "client_certificate": proxies }), false),
    ] {
        assert_eq!(policy(&document(&patch)).uses_certificate(), expected, "{patch}");
    }
}
