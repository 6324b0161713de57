//! Every attempt leaves one line, and no line leaks.

use std::fs;

use serde_json::Value;

use super::harness::{API, Credentials, Running, eventually, made, orders, path, succeed};

const GRANT: &str = "grant_type=client_credentials";

#[test]
fn records_every_attempt_and_no_secret() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let granted = running.token(&client.basic(), &format!("{GRANT}&scope=orders:read"));
    running.token(&client.basic(), &format!("{GRANT}&scope=admin"));
    let swapped = Credentials { id: client.secret.clone(), secret: client.id.clone() };
    running.token(&swapped.basic(), GRANT);
    running.token("", &format!("{GRANT}&client_id={}&client_secret=guess", client.id));

    let lines = running.audit(4);
    let json: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let reasons: Vec<_> = json.iter().map(|line| line["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["granted", "scope_not_granted", "client_unknown", "secret_malformed"]);
    let first = &json[0];
    assert_eq!(first["target"], "audit");
    assert_eq!(first["event"], "token_request");
    assert_eq!(first["outcome"], "granted");
    assert_eq!(first["client_id"], client.id);
    assert_eq!(first["credential_id"], client.secret.split('_').nth(2).unwrap());
    assert_eq!(first["source"], "127.0.0.1");
    assert_eq!(first["auth_method"], "client_secret_basic");
    assert_eq!(first["scope"], "orders:read");
    assert_eq!(first["resource"][0], API);
    assert_eq!(first["jti"], granted.claims()["jti"]);
    assert_eq!(first["key_id"].as_str().unwrap().len(), 43);
    assert_eq!(json[3]["client_id"], client.id);

    let text = lines.join("\n");
    assert!(!text.contains(&client.secret));
    assert!(!text.contains(granted.json()["access_token"].as_str().unwrap()));
}

#[test]
fn records_attempts_of_the_wrong_form() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let answer = running.get(&format!("/oauth2/token?{}", client.post()));
    assert_eq!(answer.verdict(), "405 invalid_request");
    assert_eq!(answer.header("allow"), Some("POST"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    running.token(&client.basic(), &format!("{GRANT}&{}", client.post()));
    running.token(&client.basic(), &format!("{GRANT}&client_id=other"));
    running.token("", &format!("{GRANT}&client_id={}", client.id));

    let lines = running.audit(4);
    let json: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let reasons: Vec<_> = json.iter().map(|line| line["reason"].as_str().unwrap()).collect();
    let expected =
        ["method_not_allowed", "two_auth_methods", "identity_mismatch", "credentials_missing"];
    assert_eq!(reasons, expected);
    assert!(json.iter().skip(1).all(|line| line["client_id"] == client.id), "{lines:?}");
    assert_eq!(json[2]["auth_method"], "client_secret_basic");
    assert!(!lines.join("").contains(&client.secret));
}

#[test]
fn keeps_secrets_and_private_keys_out_of_the_database() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let bytes = fs::read(folder.path().join("edgelatch.db")).unwrap();
    let random = client.secret.split('_').nth(3).unwrap();
    assert!(!contains(&bytes, client.secret.as_bytes()));
    assert!(!contains(&bytes, random.as_bytes()));
    // The object identifier of a P-256 key, which every PKCS#8 of one contains.
    assert!(!contains(&bytes, &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]));
    for output in ["list", "show"] {
        let mut arguments = vec!["client", output, "--data", path(&folder), "--json"];
        if output == "show" {
            arguments.push(&client.id);
        }
        assert!(!succeed(&arguments).contains(random));
    }
}

#[test]
fn remembers_when_a_secret_was_used() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    assert_eq!(running.token(&client.basic(), GRANT).status, 200);
    assert_eq!(running.terminate(), Some(0));
    let show = || succeed(&["client", "show", &client.id, "--data", path(&folder), "--json"]);
    eventually(|| {
        let shown: Value = serde_json::from_str(&show()).unwrap();
        shown["secrets"][0]["last_used_at"].is_u64()
    });
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
