//! `edgelatch policy import` from Istio and Envoy Gateway, where no gateway can be asked in a test: with `--lossy`, too,
//! nobody gets in whom the source keeps out, and without it nothing is lost in silence.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

#[test]
fn istio_what_cannot_be_said_allows_nothing() {
    for (what, rule) in [
        ("a path that is left out", "to: [{ operation: { notPaths: [/admin] } }]"),
        ("a method that is left out", "to: [{ operation: { notMethods: [DELETE] } }]"),
        ("a port", "to: [{ operation: { ports: ['8080'] } }]"),
        ("a path by its end", "to: [{ operation: { paths: ['*/public'] } }]"),
        ("another workload", "from: [{ source: { principals: [cluster.local/ns/a/sa/b] } }]"),
        ("a namespace", "from: [{ source: { namespaces: [other] } }]"),
        ("a direct peer", "from: [{ source: { ipBlocks: [10.0.0.0/8] } }]"),
        (
            "a subject",
            "from: [{ source: { requestPrincipals: ['https://issuer.example.com/a'] } }]",
        ),
        ("no source", "from: [{ sources: { requestPrincipals: ['*'] } }]"),
        ("another claim", "when: [{ key: 'request.auth.claims[group]', values: [a] }]"),
        ("a header", "when: [{ key: 'request.headers[x-a]', values: [a] }]"),
        (
            "values that are left out",
            "when: [{ key: 'request.auth.claims[scope]', notValues: [a] }]",
        ),
        ("no values", "when: [{ key: 'request.auth.claims[scope]', values: [] }]"),
        ("a direct address", "when: [{ key: source.ip, values: [10.0.0.0/8] }]"),
        (
            "an audience that is not the issuer's",
            "when: [{ key: 'request.auth.claims[aud]', values: [https://other.example.com] }]",
        ),
        ("operations that are no list", "to: { operation: { methods: [GET] } }"),
    ] {
        let source = istio(&format!("action: ALLOW\n  rules:\n    - {rule}"));
        refuses_everybody(what, &source);
    }
}

#[test]
fn istio_what_cannot_be_said_denies_everything() {
    for (what, rule) in [
        ("a path that is left out", "to: [{ operation: { notPaths: [/healthz] } }]"),
        ("another workload", "from: [{ source: { principals: [cluster.local/ns/a/sa/b] } }]"),
        ("peers elsewhere", "from: [{ source: { notIpBlocks: [10.0.0.0/8] } }]"),
        ("a scope", "when: [{ key: 'request.auth.claims[scope]', values: [old] }]"),
        (
            "a scope of some",
            "from: [{ source: { notRequestPrincipals: ['*'] } }]\n      when: [{ key: 'request.auth.claims[scope]', notValues: [old] }]",
        ),
        ("everything", "to: []"),
    ] {
        let source = istio(&format!("action: DENY\n  rules:\n    - {rule}"));
        if what == "everything" {
            refuses(what, &source, &[]);
        } else {
            refuses_everybody(what, &source);
        }
    }
    refuses_everybody(
        "somebody else decides",
        &istio("action: CUSTOM\n  provider: { name: x }\n  rules: [{}]"),
    );
}

#[test]
fn istio_a_policy_on_trial_allows_nothing() {
    let trial = "metadata: { name: p, annotations: { istio.io/dry-run: 'true' } }";
    let real = istio("action: ALLOW\n  rules: [{ to: [{ operation: { paths: [/healthz] } }] }]");
    let open = istio("action: ALLOW\n  rules: [{}]").replacen("metadata: { name: p }", trial, 1);
    let both = format!("{real}---\n{}", open.split_once("---\n").unwrap().1);
    refuses("a policy on trial", &both, &[]);
    assert_eq!(ask(&policy(&both, &[]), &["--path", "/healthz"]), "allow");
}

#[test]
fn istio_two_namespaces_are_two_workloads() {
    let one = istio("action: ALLOW\n  rules: [{}]").replacen(
        "{ name: p }",
        "{ name: p, namespace: a }",
        1,
    );
    let two = one.replacen("{ name: jwt }", "{ name: jwt, namespace: b }", 1);
    assert!(stopped(&two).contains("different workloads"));
    let root = one.replacen("{ name: jwt }", "{ name: jwt, namespace: istio-system }", 1);
    assert!(import(&root, &[]).status.success());
}

#[test]
fn istio_an_audience_of_a_rule_is_one_of_the_issuers_as_well() {
    let source = istio(
        "action: ALLOW\n  rules:\n    - when: [{ key: 'request.auth.claims[aud]', values: [https://api.example.com, https://other.example.com] }]",
    );
    let policy = policy(&source, &[]);
    assert_eq!(ask(&policy, &["--audience", "https://api.example.com"]), "allow");
    assert_eq!(ask(&policy, &["--audience", "https://other.example.com"]), "deny");
}

#[test]
fn envoy_gateway_what_cannot_be_said_allows_nothing() {
    for (what, rule) in [
        (
            "a path",
            "operation: { methods: [GET], path: { type: Exact, value: /a } }\n          principal: { clientCIDRs: [0.0.0.0/0] }",
        ),
        ("a condition", "cel: 'false'\n          principal: { clientCIDRs: [0.0.0.0/0] }"),
        (
            "a header",
            "principal: { clientCIDRs: [0.0.0.0/0], headers: [{ name: x-user, values: [a] }] }",
        ),
        ("another provider", "principal: { jwt: { provider: other, scopes: [orders:read] } }"),
        (
            "another claim",
            "principal: { jwt: { provider: main, claims: [{ name: group, values: [a] }] } }",
        ),
        (
            "a scope as a text",
            "principal: { jwt: { provider: main, claims: [{ name: scope, values: [orders:read] }] } }",
        ),
        (
            "a client in a list",
            "principal: { jwt: { provider: main, claims: [{ name: client_id, valueType: StringArray, values: [client] }] } }",
        ),
    ] {
        let authorization = format!(
            "authorization:\n    defaultAction: Deny\n    rules:\n        - action: Allow\n          {rule}"
        );
        refuses_everybody(what, &gateway(&authorization));
    }
    let deny = "authorization:\n    defaultAction: Allow\n    rules:\n        - action: Deny\n          principal: { clientCIDRs: [10.0.0.0/8] }";
    refuses_everybody("who may not", &gateway(deny));
    refuses_everybody("another login beside it", &gateway("basicAuth: { users: { name: users } }"));
}

#[test]
fn envoy_gateway_a_provider_is_not_another_one_of_its_issuer() {
    let source = gateway(
        "authorization:\n    rules:\n        - action: Allow\n          principal: { jwt: { provider: main, scopes: [orders:read] } }",
    );
    let second = "providers:\n      - name: admin\n        issuer: https://issuer.example.com\n        audiences: [https://admin.example.com]\n        remoteJWKS: { uri: 'https://issuer.example.com/jwks.json' }";
    let policy = policy(&source.replacen("providers:", second, 1), &[]);
    let reader = ["--scope", "orders:read", "--audience"];
    assert_eq!(ask(&policy, &[&reader[..], &["https://api.example.com"]].concat()), "allow");
    assert_eq!(ask(&policy, &[&reader[..], &["https://admin.example.com"]].concat()), "deny");
}

#[test]
fn a_header_that_means_two_things_is_taken_away() {
    let one = "outputClaimToHeaders: [{ header: x-who, claim: sub }]";
    let two = "outputClaimToHeaders: [{ header: x-who, claim: client_id }]";
    let source = istio("action: ALLOW\n  rules: [{}]").replacen(
        "jwtRules:",
        &format!("jwtRules:\n    - issuer: https://b.example.com\n      jwksUri: https://b.example.com/k\n      audiences: [https://api.example.com]\n      {two}"),
        1,
    );
    let source = source.replacen(
        "audiences: [https://api.example.com]\n---",
        &format!("audiences: [https://api.example.com]\n      {one}\n---"),
        1,
    );
    let forward = &policy(&source, &[])["forward"];
    assert_eq!(forward["headers"], Value::Null, "{forward}");
    assert_eq!(forward["strip"][0], "x-who");
}

/// An issuer, and one `AuthorizationPolicy`.
fn istio(spec: &str) -> String {
    format!(
        "apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {{ name: jwt }}\nspec:\n  jwtRules:\n    - issuer: https://issuer.example.com\n      jwksUri: https://issuer.example.com/jwks.json\n      audiences: [https://api.example.com]\n---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {{ name: p }}\nspec:\n  {spec}\n"
    )
}

fn gateway(more: &str) -> String {
    format!(
        "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: SecurityPolicy\nmetadata: {{ name: p }}\nspec:\n  jwt:\n    providers:\n      - name: main\n        issuer: https://issuer.example.com\n        audiences: [https://api.example.com]\n        remoteJWKS: {{ uri: 'https://issuer.example.com/jwks.json' }}\n  {more}\n"
    )
}

/// It stops and says what is lost, and with `--lossy` lets nobody in.
fn refuses_everybody(what: &str, source: &str) {
    let notes = stopped(source);
    assert!(notes.contains("lost: "), "{what}: {notes}");
    refuses(what, source, &["--lossy"]);
}

fn stopped(source: &str) -> String {
    let output = import(source, &[]);
    let notes = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{notes}");
    notes
}

fn refuses(what: &str, source: &str, arguments: &[&str]) {
    let policy = policy(source, arguments);
    let callers: [&[&str]; 5] = [
        &[],
        &["--client-id", "client"],
        &["--scope", "orders:read", "--scope", "a", "--scope", "old"],
        &["--audience", "https://other.example.com"],
        &["--scope", "import:refused", "--source", "10.0.0.1"],
    ];
    for caller in callers {
        for path in ["/", "/a", "/admin", "/public", "/x/public"] {
            let question = [caller, &["--path", path]].concat();
            assert_eq!(ask(&policy, &question), "deny", "{what}: {question:?}");
        }
    }
}

fn policy(source: &str, arguments: &[&str]) -> Value {
    let output = import(source, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn import(source: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("source.yaml");
    fs::write(&file, source).unwrap();
    edgelatch(&[&["policy", "import", file.to_str().unwrap()], arguments].concat())
}

/// `allow` or `deny`.
fn ask(policy: &Value, question: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    fs::write(&file, policy.to_string()).unwrap();
    let mut line = vec!["policy", "explain", file.to_str().unwrap(), "--json", "--method", "GET"];
    if !question.contains(&"--path") {
        line.extend(["--path", "/a"]);
    }
    line.extend(question);
    let output = edgelatch(&line);
    let Ok(answer) = serde_json::from_slice::<Value>(&output.stdout) else {
        panic!("{question:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    answer["decision"].as_str().unwrap().to_owned()
}

fn edgelatch(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_edgelatch")).args(arguments).output().unwrap()
}
