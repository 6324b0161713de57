//! Metadata, key set and health.

use serde_json::json;

use super::harness::{Running, made, succeed};

const ISSUER_WITH_PATH: &str = "http://127.0.0.1:8470/staging";

#[test]
fn describes_itself() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let answer = running.get("/.well-known/oauth-authorization-server");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.json(),
        json!({
            "issuer": "http://127.0.0.1:8470",
            "token_endpoint": "http://127.0.0.1:8470/oauth2/token",
            "jwks_uri": "http://127.0.0.1:8470/.well-known/jwks.json",
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "revocation_endpoint": "http://127.0.0.1:8470/revoke",
            "revocation_endpoint_auth_methods_supported":
                ["client_secret_basic", "client_secret_post"],
            "status_list_aggregation_endpoint": "http://127.0.0.1:8470/status-lists",
        })
    );
    assert_eq!(running.get("/.well-known/openid-configuration").body, answer.body);
    assert_eq!(running.get("/nowhere").status, 404);
}

#[test]
fn serves_an_issuer_with_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    succeed(&["init", "--data", data, "--issuer", ISSUER_WITH_PATH]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let answer = running.get("/.well-known/oauth-authorization-server/staging");
    assert_eq!(answer.json()["issuer"], ISSUER_WITH_PATH);
    assert_eq!(answer.json()["token_endpoint"], format!("{ISSUER_WITH_PATH}/oauth2/token"));
    for other in
        ["/.well-known/openid-configuration/staging", "/staging/.well-known/openid-configuration"]
    {
        assert_eq!(running.get(other).body, answer.body);
    }
    assert_eq!(running.get("/staging/.well-known/jwks.json").status, 200);
    assert_eq!(running.get("/staging/oauth2/token").status, 405);
    assert_eq!(running.get("/.well-known/oauth-authorization-server").status, 404);
}

#[test]
fn publishes_public_members_only() {
    for (algorithm, members) in [
        ("ES256", vec!["alg", "crv", "kid", "kty", "use", "x", "y"]),
        ("Ed25519", vec!["alg", "crv", "kid", "kty", "use", "x"]),
        ("RS256", vec!["alg", "e", "kid", "kty", "n", "use"]),
    ] {
        let folder = made(&["--algorithm", algorithm]);
        let running = Running::start(folder.path(), "127.0.0.1:0");
        let answer = running.get("/.well-known/jwks.json");
        let json = answer.json();
        let key = json["keys"][0].as_object().unwrap();
        let mut names: Vec<_> = key.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, members);
        assert_eq!((&key["use"], &key["alg"]), (&json!("sig"), &json!(algorithm)));
        assert_eq!(key["kid"].as_str().unwrap().len(), 43);
    }
}

#[test]
fn saves_callers_that_know_the_key_set() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let first = running.get("/.well-known/jwks.json");
    assert_eq!(first.header("cache-control"), Some("public, max-age=300"));
    let tag = first.header("etag").unwrap();
    for (known, status) in
        [(tag, 304), ("\"other\"", 200), ("*", 304), (&format!("W/{tag}, \"x\""), 304)]
    {
        let again = running.send(&format!(
            "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\nIf-None-Match: {known}\r\n\
             Connection: close\r\n\r\n"
        ));
        assert_eq!(again.status, status, "{known}");
        assert_eq!(again.header("etag"), Some(tag));
    }
}

#[test]
fn tells_its_health() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    assert_eq!(running.get("/livez").status, 200);
    assert_eq!(running.get("/readyz").status, 200);
    assert_eq!(running.terminate(), Some(0));
}
