//! `edgelatch policy import`: what comes out, what is told, and that the policy lets in nobody whom the source
//! keeps out.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name)
}

fn edgelatch(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_edgelatch")).args(arguments).output().unwrap()
}

fn import(name: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let file = fixture(name).display().to_string();
    let output = edgelatch(&[&["policy", "import", &file], arguments].concat());
    let notes = String::from_utf8(output.stderr).unwrap().replace(&file, name);
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), notes)
}

/// With `UPDATE_GOLDEN=1` the files are written instead; look at the difference before it is kept.
fn same_as_file(name: &str, text: &str) {
    let file = fixture(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&file).unwrap(), "{name}; UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn prints_the_policy_and_tells_every_difference() {
    for (name, arguments) in [
        ("envoy", &[][..]),
        ("rbac", &[]),
        ("istio", &[]),
        ("envoy-gateway", &[]),
        ("lossy", &["--lossy"]),
        ("siblings", &["--lossy"]),
    ] {
        let (code, policy, notes) = import(&format!("{name}.yaml"), arguments);
        assert_eq!(code, Some(0), "{name}: {notes}");
        same_as_file(&format!("{name}.json"), &policy);
        same_as_file(&format!("{name}.notes"), &notes);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("policy.json");
        fs::write(&file, policy).unwrap();
        let check = edgelatch(&["policy", "check", file.to_str().unwrap()]);
        assert!(check.status.success(), "{name}: {}", String::from_utf8_lossy(&check.stderr));
    }
}

#[test]
fn stops_if_anything_is_lost() {
    for name in ["lossy.yaml", "siblings.yaml"] {
        let (code, policy, notes) = import(name, &[]);
        assert_eq!((code, policy.as_str()), (Some(2), ""), "{notes}");
        assert!(notes.contains("lost: rules[0]") && notes.contains("--lossy"), "{notes}");
    }
}

/// Asks questions to the imported policy: `METHOD PATH [key=value ..] -> verdict`.
fn verdicts(name: &str, arguments: &[&str], questions: &[&str]) {
    let (code, policy, notes) = import(name, arguments);
    assert_eq!(code, Some(0), "{notes}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    fs::write(&file, policy).unwrap();
    for question in questions {
        let (request, expected) = question.split_once(" -> ").unwrap();
        let mut words = request.split_whitespace();
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let mut line =
            ["policy", "explain", file.to_str().unwrap(), "--json"].map(str::to_owned).to_vec();
        line.extend(["--method", method, "--path", path].map(str::to_owned));
        for (key, value) in words.map(|word| word.split_once('=').unwrap()) {
            line.extend([format!("--{key}"), value.to_owned()]);
        }
        let line: Vec<_> = line.iter().map(String::as_str).collect();
        let output = edgelatch(&line);
        let Ok(json) = serde_json::from_slice::<Value>(&output.stdout) else {
            panic!("{question}: {}", String::from_utf8_lossy(&output.stderr));
        };
        let reason = json["reason"].as_str().unwrap_or("-");
        let verdict = format!("{} {reason}", json["decision"].as_str().unwrap());
        let verdict = verdict.trim_end_matches(" -");
        assert_eq!(verdict, expected, "{name}: {request}");
    }
}

/// What `jwt_authn` says to the same, from its documentation: the first rule that matches.
#[test]
fn the_first_rule_of_envoy_still_decides() {
    verdicts(
        "envoy.yaml",
        &[],
        &[
            "GET /healthz -> allow",
            "POST /orders/export issuer=https://services.example.com -> allow",
            "POST /orders/export issuer=https://partners.example.com -> deny pol.issuer",
            "GET /orders/export issuer=https://partners.example.com -> allow",
            "GET /orders/17 issuer=https://partners.example.com -> allow",
            "GET /orders/17 -> deny hdr.missing",
            "GET /orders issuer=https://partners.example.com -> deny pol.issuer",
            "GET /admin issuer=https://partners.example.com audience=https://admin.example.com -> allow",
            "GET /admin/x issuer=https://partners.example.com audience=https://admin.example.com -> allow",
            "GET /admin/x issuer=https://partners.example.com audience=https://api.example.com -> deny clm.aud",
            "GET /admin/x issuer=https://services.example.com -> deny clm.aud",
            "GET /public/a -> allow",
            "GET /public -> deny hdr.missing",
            "GET /anything issuer=https://services.example.com -> allow",
            "GET /anything issuer=https://partners.example.com -> deny pol.issuer",
            "GET /late -> deny hdr.missing",
            "GET /late issuer=https://services.example.com -> allow",
        ],
    );
}

#[test]
fn rbac_is_asked_after_the_token() {
    verdicts(
        "rbac.yaml",
        &[],
        &[
            "GET /orders/1 scope=orders:read -> allow",
            "HEAD /orders/1 scope=orders:read -> allow",
            "GET /orders/1 scope=orders:write -> allow",
            "GET /orders/1 scope=orders:other -> deny pol.scope",
            "DELETE /orders/1 scope=orders:read -> deny pol.scope",
            "DELETE /orders/1 scope=orders:write -> allow",
            "GET /orders/1 -> deny hdr.missing",
            "GET /admin/x client-id=operations source=10.1.2.3 -> allow",
            "GET /admin/x client-id=operations source=192.0.2.1 -> deny pol.network",
            "GET /admin/x client-id=billing source=10.1.2.3 -> deny pol.client",
            "GET /elsewhere client-id=operations source=10.1.2.3 -> deny pol.norule",
        ],
    );
}

#[test]
fn what_is_lost_is_refused_and_nothing_beside_it() {
    let network = "source=10.0.0.1";
    let scope = "scope=import:refused";
    verdicts(
        "lossy.yaml",
        &["--lossy"],
        &[
            &format!("GET /invoices/1 {network} {scope} -> deny pol.network"),
            &format!("GET /beta {network} {scope} -> deny pol.network"),
            &format!("GET /both {network} {scope} -> deny pol.network"),
            &format!("GET /old {network} {scope} -> deny pol.network"),
            "GET /open/x -> allow",
        ],
    );
    verdicts(
        "siblings.yaml",
        &["--lossy"],
        &[
            "GET /api -> deny hdr.missing",
            "GET /api/x client-id=a -> allow",
            "GET /apix client-id=a source=10.0.0.1 -> deny pol.network",
            "GET /apidocs -> deny hdr.missing",
            "GET /apidocs client-id=a -> allow",
            "GET /docs -> allow",
            "GET / -> allow",
        ],
    );
}

#[test]
fn istio_denies_first_and_then_allows_only_what_a_policy_names() {
    verdicts(
        "istio.yaml",
        &[],
        &[
            "GET /healthz -> allow",
            "POST /healthz client-id=a source=10.0.0.1 -> deny pol.network",
            "GET /orders -> deny hdr.missing",
            "GET /orders scope=orders:read -> allow",
            "GET /orders/1 scope=orders:admin -> allow",
            "GET /orders/1 scope=orders:write -> deny pol.scope",
            "DELETE /orders/1 scope=orders:read source=10.0.0.1 -> deny pol.network",
            "POST /exports/a host=api.example.com client-id=export-job scope=exports:write source=10.0.0.1 -> allow",
            "POST /exports/a host=api.example.com client-id=other scope=exports:write source=10.0.0.1 -> deny pol.client",
            "POST /exports/a host=b.example.com client-id=export-job scope=exports:write source=10.0.0.1 -> deny pol.network",
            "POST /exports/a host=api.example.com client-id=export-job scope=exports:write source=11.0.0.1 -> deny pol.network",
            "GET /elsewhere scope=orders:read -> deny pol.norule",
        ],
    );
}

#[test]
fn envoy_gateway_allows_only_what_a_rule_names() {
    verdicts(
        "envoy-gateway.yaml",
        &[],
        &[
            "GET /x issuer=https://issuer.example.com scope=orders:read -> allow",
            "GET /x issuer=https://issuer.example.com scope=orders:write -> deny pol.scope",
            "GET /x issuer=https://local.example.com scope=orders:read -> deny pol.issuer",
            "POST /x issuer=https://local.example.com client-id=job-b source=10.0.0.1 -> allow",
            "POST /x issuer=https://local.example.com client-id=job-c source=10.0.0.1 -> deny pol.client",
            "POST /x issuer=https://local.example.com client-id=job-b source=192.0.2.1 -> deny pol.network",
            "DELETE /x issuer=https://issuer.example.com scope=orders:read -> deny pol.norule",
            "GET /x -> deny hdr.missing",
        ],
    );
}

fn refused(text: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("source.yaml");
    fs::write(&file, text).unwrap();
    let output = edgelatch(&[&["policy", "import", file.to_str().unwrap()], arguments].concat());
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(output.stdout.is_empty(), "a policy in spite of an error");
    errors
}

#[test]
fn names_what_it_understands() {
    let error = refused("apiVersion: networking.istio.io/v1\nkind: VirtualService\n", &[]);
    assert!(error.contains("VirtualService") && error.contains("RequestAuthentication"), "{error}");
    assert!(refused("a: [", &[]).contains("line"));
    assert!(refused("", &[]).contains("empty"));
}

#[test]
fn an_issuer_that_takes_any_audience_needs_one() {
    let source = "providers:\n  a:\n    issuer: https://a.example\n    remote_jwks: {http_uri: {uri: https://a.example/k, cluster: a}}\nrules:\n- match: {prefix: /}\n  requires: {provider_name: a}\n";
    assert!(refused(source, &[]).contains("--audience"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("source.yaml");
    fs::write(&file, source).unwrap();
    let file = file.to_str().unwrap();
    assert!(edgelatch(&["policy", "import", file, "--audience", "https://api"]).status.success());
}

#[test]
fn an_unknown_setting_is_never_passed_over() {
    let source = "providers:\n  a:\n    issuer: https://a.example\n    audiences: [b]\n    only_on_mondays: true\n    remote_jwks: {http_uri: {uri: https://a.example/k, cluster: a}}\nrules:\n- match: {prefix: /}\n  requires: {provider_name: a}\n";
    assert!(refused(source, &[]).contains("lost: providers.a.only_on_mondays"));
}
