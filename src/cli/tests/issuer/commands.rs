//! The command line as an operator uses it.

use std::fs;

use serde_json::{Value, json};

use super::harness::{API, Running, command, edgelatch, made, mistake, orders, path, succeed};
use super::ports::free_port;
use super::verify;

#[test]
fn says_what_it_made_and_what_comes_next() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new").display().to_string();
    let text = succeed(&["init", "--data", &data, "--issuer", "https://issuer.example"]);
    for part in ["issuer.yaml", "edgelatch.db", "master.key", "ES256"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(text.ends_with(&format!("\nnext: edgelatch serve --data {data}\n")), "{text}");
}

#[test]
fn takes_the_master_key_from_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let (data, key) = (path(&folder), "B".repeat(42) + "A");
    let with_key = |arguments: &[&str]| {
        command(arguments).env("EDGELATCH_MASTER_KEY", &key).output().unwrap().status.success()
    };
    assert!(with_key(&["init", "--data", data, "--issuer", "https://issuer.example"]));
    assert!(!folder.path().join("master.key").exists());
    assert!(with_key(&["key", "list", "--data", data]));
    assert!(mistake(&["key", "list", "--data", data]).contains("master key is missing"));
}

#[test]
fn registers_shows_and_forgets_clients() {
    let folder = made(&[]);
    let data = path(&folder);
    let arguments = ["--scope", "b", "--scope", "a", "--resource", API, "--client-id", "billing"];
    let text = succeed(&[&["client", "add", "Billing", "--data", data][..], &arguments].concat());
    assert!(text.contains("client_id      billing\nclient_secret  el_live_"), "{text}");

    let list: Value =
        serde_json::from_str(&succeed(&["client", "list", "--data", data, "--json"])).unwrap();
    assert_eq!(list[0]["client_id"], "billing");
    assert_eq!(list[0]["scopes"], json!(["a", "b"]));
    assert_eq!(list[0]["token_lifetime"], 300);
    assert!(
        succeed(&["client", "show", "billing", "--data", data]).contains("token lifetime  300 s")
    );

    let again = mistake(&[&["client", "add", "Billing", "--data", data][..], &arguments].concat());
    assert!(again.contains("client exists already: billing"), "{again}");
    succeed(&["client", "disable", "billing", "--data", data]);
    assert!(succeed(&["client", "list", "--data", data]).contains("disabled"));
    let removed = succeed(&["client", "remove", "billing", "--data", data, "--json"]);
    assert_eq!(removed, "{\"client_id\":\"billing\",\"state\":\"removed\"}\n");
    for verb in ["show", "enable", "disable", "remove"] {
        assert!(mistake(&["client", verb, "billing", "--data", data]).contains("no such client"));
    }
}

#[test]
fn refuses_clients_that_could_never_work() {
    let folder = made(&[]);
    let add = |extra: &[&str]| {
        mistake(&[&["client", "add", "x", "--data", path(&folder)][..], extra].concat())
    };
    assert!(add(&["--scope", "a b", "--resource", API]).contains("scope cannot be used: a b"));
    assert!(add(&["--scope", "a", "--resource", "api"]).contains("resource cannot be used: api"));
    let long = add(&["--scope", "a", "--resource", API, "--token-lifetime", "3601"]);
    assert!(long.contains("1 to 3600 seconds"), "{long}");
    let odd = add(&["--scope", "a", "--resource", API, "--client-id", "a\u{1b}[31m"]);
    assert!(odd.contains("client id cannot be used") && !odd.contains('\u{1b}'), "{odd}");
}

#[test]
fn lists_keys() {
    let folder = made(&["--algorithm", "Ed25519"]);
    let text = succeed(&["key", "list", "--data", path(&folder), "--json"]);
    let keys: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(keys[0]["algorithm"], "Ed25519");
    assert_eq!(keys[0]["state"], "active");
    assert_eq!(keys[0].as_object().unwrap().len(), 5, "{text}");
}

#[test]
fn gets_a_token_and_prints_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    // The issuer is named by its port, so the port must be known first.
    let port = free_port();
    let issuer = format!("http://127.0.0.1:{port}");
    succeed(&["init", "--data", path(&folder), "--issuer", &issuer]);
    let client = orders(folder.path());
    let _running = Running::start(folder.path(), &format!("127.0.0.1:{port}"));

    let file = folder.path().join("secret");
    fs::write(&file, format!("{}\n", client.secret)).unwrap();
    let base = ["token", "--issuer", &issuer, "--client-id", &client.id];
    let from_file = ["--client-secret-file", file.to_str().unwrap()];
    let token = succeed(&[&base[..], &from_file, &["--scope", "orders:read"]].concat());
    assert_eq!(token.trim().split('.').count(), 3);
    assert_eq!(verify::payload(token.trim())["scope"], "orders:read");

    let ask = |extra: &[&str]| {
        command(&[&base[..], extra].concat())
            .env("EDGELATCH_CLIENT_SECRET", &client.secret)
            .output()
            .unwrap()
    };
    let json: Value = serde_json::from_slice(&ask(&["--json"]).stdout).unwrap();
    assert_eq!(json["expires_in"], 300);
    let refused = ask(&["--scope", "admin"]);
    let errors = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(errors.contains("invalid_scope") && refused.stdout.is_empty(), "{errors}");
    assert!(mistake(&base).contains("client secret is missing"));
}

#[test]
fn says_what_is_wrong_with_a_far_issuer() {
    let port = free_port();
    let output =
        command(&["token", "--issuer", &format!("http://127.0.0.1:{port}"), "--client-id", "a"])
            .env("EDGELATCH_CLIENT_SECRET", "x")
            .output()
            .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("issuer cannot be reached"));
}

#[test]
fn refuses_usage_errors_with_code_2() {
    for arguments in [&["serve", "--nonsense"][..], &["client", "add", "x"], &["nonsense"], &[]] {
        assert_eq!(edgelatch(arguments).status.code(), Some(2), "{arguments:?}");
    }
}
