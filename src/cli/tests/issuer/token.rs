//! The token endpoint, case by case (RFC 6749 s4.4, RFC 8707, RFC 9068).

use std::time::{Duration, Instant};

use serde_json::json;

use super::harness::{
    API, Credentials, ISSUER, OTHER_API, Running, add_client, eventually, made, orders, path,
    succeed,
};
use super::verify;

const GRANT: &str = "grant_type=client_credentials";

struct Scene {
    running: Running,
    client: Credentials,
    folder: tempfile::TempDir,
}

fn scene() -> Scene {
    let folder = made(&[]);
    let client = orders(folder.path());
    Scene { running: Running::start(folder.path(), "127.0.0.1:0"), client, folder }
}

fn check(scene: &Scene, form: &str, expected: &str) {
    let answer = scene.running.token(&scene.client.basic(), form);
    assert_eq!(answer.verdict(), expected, "{form}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[test]
fn grants_a_token_for_basic_credentials() {
    let scene = scene();
    let answer = scene.running.token(&scene.client.basic(), GRANT);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    let json = answer.json();
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["expires_in"], 300);
    assert_eq!(json["scope"], "orders:read orders:write");
    assert!(json.get("refresh_token").is_none());
}

#[test]
fn signs_the_claims_of_rfc_9068() {
    let scene = scene();
    let answer = scene.running.token(&scene.client.basic(), GRANT);
    let json = answer.json();
    let token = json["access_token"].as_str().unwrap();
    let (header, claims) = (verify::header(token), verify::payload(token));
    assert_eq!(header["typ"], "at+jwt");
    assert_eq!(header["alg"], "ES256");
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["aud"], API);
    assert_eq!(claims["sub"], scene.client.id);
    assert_eq!(claims["client_id"], scene.client.id);
    assert_eq!(claims["scope"], "orders:read orders:write");
    assert_eq!(claims["jti"].as_str().unwrap().len(), 22);
    assert_eq!(claims["exp"].as_u64().unwrap(), claims["iat"].as_u64().unwrap() + 300);
    assert!(verify::is_signed(token, &scene.running.get("/.well-known/jwks.json").json()));
    let again = scene.running.token(&scene.client.basic(), GRANT).claims();
    assert_ne!(again["jti"], claims["jti"]);
}

#[test]
fn signs_with_each_algorithm() {
    for algorithm in ["ES256", "Ed25519", "RS256"] {
        let folder = made(&["--algorithm", algorithm]);
        let client = orders(folder.path());
        let running = Running::start(folder.path(), "127.0.0.1:0");
        let answer = running.token(&client.basic(), GRANT).json();
        let token = answer["access_token"].as_str().unwrap();
        assert_eq!(verify::header(token)["alg"], algorithm);
        assert!(verify::is_signed(token, &running.get("/.well-known/jwks.json").json()));
    }
}

#[test]
fn grants_a_token_for_credentials_in_the_body() {
    let scene = scene();
    let form = format!("{GRANT}&{}", scene.client.post());
    let answer = scene.running.token("", &form);
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[test]
fn grants_the_scopes_that_are_asked_and_no_others() {
    let scene = scene();
    let form = format!("{GRANT}&scope=orders%3Aread");
    let answer = scene.running.token(&scene.client.basic(), &form);
    assert_eq!(answer.json()["scope"], "orders:read");
    assert_eq!(answer.claims()["scope"], "orders:read");
    for scope in
        ["admin", "orders:read+admin", "orders:read++orders:write", "orders:read+orders:read"]
    {
        check(&scene, &format!("{GRANT}&scope={scope}"), "400 invalid_scope");
    }
    check(&scene, &format!("{GRANT}&scope={}", "a".repeat(10_240)), "400 invalid_scope");
    check(&scene, &format!("{GRANT}&scope=%00"), "400 invalid_scope");
}

#[test]
fn takes_the_audience_from_the_resource() {
    let scene = scene();
    let both =
        ["--scope", "a", "--resource", API, "--resource", OTHER_API, "--token-lifetime", "60"];
    let client = add_client(scene.folder.path(), &both);
    eventually(|| scene.running.token(&client.basic(), GRANT).verdict() == "400 invalid_target");
    let ask = |form: &str| scene.running.token(&client.basic(), &format!("{GRANT}{form}"));
    let one = ask(&format!("&resource={OTHER_API}"));
    assert_eq!(one.claims()["aud"], OTHER_API);
    assert_eq!(one.json()["expires_in"], 60);
    let two = ask(&format!("&resource={OTHER_API}&resource={API}"));
    assert_eq!(two.claims()["aud"], json!([OTHER_API, API]));
    for wrong in ["https://evil.example", "https://api.example/", "api", "%23"] {
        let verdict = ask(&format!("&resource={wrong}")).verdict();
        assert_eq!(verdict, "400 invalid_target", "{wrong}");
    }
    assert_eq!(ask(&format!("&resource={API}&resource={API}")).verdict(), "400 invalid_target");
}

#[test]
fn refuses_other_methods_and_parameters_in_the_address() {
    let scene = scene();
    let post = scene.client.post();
    let get = scene.running.get(&format!("/oauth2/token?{GRANT}&{post}"));
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    let query = scene.running.send(&format!(
        "POST /oauth2/token?{GRANT}&{post} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"
    ));
    assert_eq!(query.verdict(), "400 invalid_request");
    let audit = scene.running.audit(2).join("\n");
    assert!(
        !audit.contains(&scene.client.secret) && audit.contains("query_not_allowed"),
        "{audit}"
    );
}

#[test]
fn refuses_bodies_that_are_no_form() {
    let scene = scene();
    let (basic, post) = (scene.client.basic(), scene.client.post());
    for kind in [
        "application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset=utf-16",
        "text/plain",
    ] {
        let headers = format!("Content-Type: {kind}\r\n{basic}");
        assert_eq!(scene.running.post(&headers, GRANT).status, 415, "{kind}");
    }
    assert_eq!(scene.running.post(&basic, GRANT).status, 415, "no content type");
    let zipped = format!("Content-Encoding: gzip\r\n{basic}");
    assert_eq!(scene.running.token(&zipped, &format!("{GRANT}&{post}")).status, 415);
}

#[test]
fn refuses_repeated_parameters() {
    let scene = scene();
    for form in [
        format!("{GRANT}&{GRANT}"),
        format!("{GRANT}&scope=a&scope=b"),
        format!("{GRANT}&scope=&scope="),
        format!("{GRANT}&client_id=a&client_id=a"),
        format!("{GRANT}&foo=1&foo=2"),
        format!("{GRANT}&scope=%zz"),
        format!("{GRANT}&scope=%FF"),
    ] {
        check(&scene, &form, "400 invalid_request");
    }
    let twice = format!("{GRANT}&{post}&client_secret=x", post = scene.client.post());
    assert_eq!(scene.running.token("", &twice).verdict(), "400 invalid_request");
}

#[test]
fn refuses_two_ways_to_authenticate() {
    let scene = scene();
    let (basic, post) = (scene.client.basic(), scene.client.post());
    let both = scene.running.token(&basic, &format!("{GRANT}&{post}"));
    assert_eq!(both.verdict(), "400 invalid_request");
    let twice = scene.running.token(&format!("{basic}{basic}"), GRANT);
    assert_eq!(twice.verdict(), "400 invalid_request");
    check(&scene, &format!("{GRANT}&client_id=another"), "400 invalid_request");
    let same = format!("{GRANT}&client_id={}", scene.client.id);
    check(&scene, &same, "200 -");
}

#[test]
fn refuses_malformed_credentials_with_a_challenge() {
    let scene = scene();
    for line in [
        "Basic bm9jb2xvbg==", // no colon
        "Basic !!!",
        "Basic OnNlY3JldA==", // empty id
        "Basic JXp6OmI=",     // %zz:b
        "Basic YTr/",         // not UTF-8
        "Bearer abc",
        "Basic",
    ] {
        let answer = scene.running.token(&format!("Authorization: {line}\r\n"), GRANT);
        assert_eq!(answer.verdict(), "401 invalid_client", "{line}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Basic realm="));
    }
    let nobody = scene.running.token("", GRANT);
    assert_eq!(nobody.verdict(), "401 invalid_client");
    let long = Credentials { id: scene.client.id.clone(), secret: "a".repeat(1000) };
    assert_eq!(scene.running.token(&long.basic(), GRANT).verdict(), "401 invalid_client");
    let post = format!("{GRANT}&client_id={}&client_secret={}", long.id, "a".repeat(12_000));
    assert_eq!(scene.running.token("", &post).verdict(), "401 invalid_client");
    let huge = Credentials { id: scene.client.id.clone(), secret: "a".repeat(1_000_000) };
    assert_eq!(scene.running.token(&huge.basic(), GRANT).status, 431);
}

#[test]
fn answers_unknown_wrong_and_disabled_alike() {
    let scene = scene();
    let disabled = add_client(scene.folder.path(), &["--scope", "a", "--resource", API]);
    succeed(&["client", "disable", &disabled.id, "--data", path(&scene.folder)]);
    eventually(|| scene.running.token(&disabled.basic(), GRANT).status == 401);
    let wrong = Credentials { id: scene.client.id.clone(), secret: disabled.secret.clone() };
    let unknown = Credentials { id: "nobody".to_owned(), secret: scene.client.secret.clone() };
    let typo = Credentials { id: scene.client.id.clone(), secret: "guess".to_owned() };
    let answers: Vec<_> = [&wrong, &unknown, &disabled, &typo]
        .iter()
        .flat_map(|client| {
            let form = format!("{GRANT}&{}", client.post());
            [scene.running.token(&client.basic(), GRANT), scene.running.token("", &form)]
        })
        .map(|answer| answer.shape())
        .collect();
    assert!(answers[0].starts_with("401 "), "{}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}

#[test]
fn sees_a_disabled_client_within_a_second() {
    let scene = scene();
    check(&scene, GRANT, "200 -");
    let switch = |verb| succeed(&["client", verb, &scene.client.id, "--data", path(&scene.folder)]);
    let seen_after = || {
        switch("disable");
        let start = Instant::now();
        eventually(|| scene.running.token(&scene.client.basic(), GRANT).status == 401);
        let took = start.elapsed();
        switch("enable");
        eventually(|| scene.running.token(&scene.client.basic(), GRANT).status == 200);
        took
    };
    // The best of several: a busy machine may be slow now and then.
    assert!((0..8).any(|_| seen_after() < Duration::from_secs(1)));
    switch("remove");
    eventually(|| scene.running.token(&scene.client.basic(), GRANT).status == 401);
}

#[test]
fn refuses_other_grants() {
    let scene = scene();
    for grant in ["password", "refresh_token", "Client_Credentials", "client_credentials+", ""] {
        check(&scene, &format!("grant_type={grant}"), "400 unsupported_grant_type");
    }
    check(&scene, "scope=orders:read", "400 invalid_request");
}

#[test]
fn survives_odd_client_ids() {
    let scene = scene();
    for id in ["'+OR+1%3D1--", "%00", "%0D%0Aevil", "%E2%80%AE", "%1B%5B31m", &"a".repeat(12_000)] {
        let form = format!("{GRANT}&client_id={id}&client_secret=x");
        assert_eq!(scene.running.token("", &form).verdict(), "401 invalid_client", "{id}");
    }
    let audit = scene.running.audit(6).join("\n");
    assert!(!audit.contains("client_id") && audit.is_ascii(), "{audit}");
}

#[test]
fn takes_issuer_and_audience_from_the_configuration_alone() {
    let scene = scene();
    let poison = format!(
        "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: ftp\r\n\
         Forwarded: host=evil.example\r\n{}",
        scene.client.basic()
    );
    let answer = scene.running.token(&poison, GRANT);
    assert_eq!(answer.claims()["iss"], ISSUER);
    assert_eq!(answer.claims()["aud"], API);
}
