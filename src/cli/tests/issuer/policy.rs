//! `edgelatch policy`: documents with mistakes, and questions about those without.

use std::fs;

use serde_json::Value;

use super::harness::{edgelatch, mistake, succeed};

const POLICY: &str = r#"
issuers:
  - issuer: https://issuer.example
    audiences: [https://api.example]
    jwks_uri: https://issuer.example/.well-known/jwks.json
    refresh_seconds: 60
routes:
  - { name: health, methods: [GET], path: /healthz, mode: public }
  - { name: read, methods: [GET], path: "/orders/{id}", scopes: { all: [orders:read] } }
  - { name: office, methods: [GET], path: /office, clients: [a], networks: [10.0.0.0/8] }
  - { name: trial, methods: [GET], path: /trial, mode: observe, clients: [billing] }
"#;

fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    file.display().to_string()
}

fn check(question: &[&str], expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.yaml", POLICY);
    let base = ["policy", "explain", &policy, "--method", "GET", "--json"];
    let text = succeed(&[&base[..], question].concat());
    let json: Value = serde_json::from_str(&text).unwrap();
    let word = |name: &str| json[name].as_str().unwrap_or("-");
    let reason = if word("reason") == "-" { word("would_deny") } else { word("reason") };
    let answer = format!("{} {} {reason}", word("decision"), word("route"));
    assert_eq!(answer, expected, "{question:?}: {text}");
}

#[test]
fn explains_decisions() {
    check(&["--path", "/healthz"], "allow health -");
    check(&["--path", "/orders/1"], "deny read hdr.missing");
    check(&["--path", "/orders/1", "--scope", "orders:read"], "allow read -");
    check(&["--path", "/orders/1", "--scope", "orders:write"], "deny read pol.scope");
    check(&["--path", "/nowhere", "--client-id", "a"], "deny - pol.norule");
    check(&["--path", "/trial", "--client-id", "billing"], "allow trial -");
    check(&["--path", "/trial", "--client-id", "a"], "allow trial pol.client");
    check(&["--path", "/office", "--client-id", "a", "--source", "10.1.2.3"], "allow office -");
    check(&["--path", "/office", "--client-id", "a"], "deny office pol.network");
    let audience = ["--path", "/orders/1", "--scope", "orders:read", "--audience", "https://b"];
    check(&audience, "deny read clm.aud");
    let issuer = ["--path", "/orders/1", "--scope", "orders:read", "--issuer", "https://b"];
    check(&issuer, "deny read clm.iss");
}

#[test]
fn explains_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(&folder, "policy.yaml", POLICY);
    let text = succeed(&[
        "policy",
        "explain",
        &policy,
        "--method",
        "GET",
        "--path",
        "/orders/1",
        "--scope",
        "x",
    ]);
    assert!(text.contains("decision  deny, 403 [pol.scope]"), "{text}");
    assert!(text.contains("lacks a scope") && text.contains(r#"scope="orders:read""#), "{text}");
}

#[test]
fn approves_good_documents() {
    let folder = tempfile::tempdir().unwrap();
    let yaml = file(&folder, "policy.yaml", POLICY);
    let json = file(&folder, "policy.json", r#"{"routes":[]}"#);
    let text = succeed(&["policy", "check", &yaml, &json]);
    assert_eq!(text, format!("{yaml}: ok, 1 issuer, 4 routes\n{json}: ok, 0 issuers, 0 routes\n"));
}

#[test]
fn names_file_and_field_of_each_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let one = file(&folder, "one.yaml", &POLICY.replace("name: read", "nam: read"));
    let two = file(&folder, "two.json", r#"{"routes":[],"routes":[]}"#);
    let good = file(&folder, "good.yaml", POLICY);
    let error = mistake(&["policy", "check", &one]);
    assert!(error.contains(&one) && error.contains("routes[1]"), "{error}");
    assert!(!error.contains("line"), "a place in JSON that nobody wrote: {error}");

    let output = edgelatch(&["policy", "check", &one, &good, &two]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors.contains(&one) && errors.contains(&two) && errors.lines().count() == 2,
        "{errors}"
    );
    assert!(String::from_utf8(output.stdout).unwrap().contains("good.yaml: ok"));
    let broken = file(&folder, "broken.yaml", "a: [");
    assert!(mistake(&["policy", "check", &broken]).contains("not YAML"));
    assert!(mistake(&["policy", "check", "/nowhere.yaml"]).contains("cannot read the policy"));
}
