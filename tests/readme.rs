//! The README is true: its commands run, its policy is valid, its Envoy snippet is a configuration that
//! Envoy takes, its JavaScript decides.

#![cfg(test)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use edgelatch_tests::lab::{
    self, Bootstrap, Envoy, EnvoyOptions, Upstream, blocks, free_port, npm_package,
};

#[test]
fn every_command_runs() {
    let scripts = scripts(&readme());
    assert!(!scripts.is_empty(), "the README shows no command");
    for script in scripts {
        run(&script);
    }
}

#[test]
fn the_policy_is_valid() {
    let policies: Vec<_> = blocks(&readme(), &["yaml"])
        .into_iter()
        .filter(|text| text.starts_with("issuers:"))
        .collect();
    assert!(!policies.is_empty(), "the README shows no policy");
    let folder = tempfile::tempdir().unwrap();
    for policy in policies {
        let file = folder.path().join("policy.yaml");
        fs::write(&file, policy).unwrap();
        let mut check = Command::new(lab::program().unwrap());
        check.args(["policy", "check"]).arg(file);
        lab::run(check).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_envoy_snippet_is_taken_by_envoy() {
    let readme = readme();
    let snippet = blocks(&readme, &["yaml"]).into_iter().find(|text| text.contains("wasm.v3.Wasm"));
    let filters = entries(&snippet.expect("the README shows no Envoy snippet"));
    let folder = tempfile::tempdir().unwrap();
    let upstream = Upstream::start().unwrap();
    let config = Bootstrap {
        port: free_port().unwrap(),
        filters: &filters
            .replace("dist/edgelatch-envoy.wasm", lab::filter().unwrap().to_str().unwrap()),
        upstream: upstream.address.port(),
        clusters: ISSUER,
    }
    .to_yaml();
    // Started, not only validated: a filter that refuses its policy keeps Envoy from starting.
    let log = folder.path().join("envoy.log");
    Envoy::start(&EnvoyOptions { config, clock: None, concurrency: 1, log }).unwrap();
}

/// The lines as they stand there, in a function that gets what they take for granted.
#[test]
fn the_javascript_decides() {
    let snippets = blocks(&readme(), &["js"]);
    let [snippet] = snippets.as_slice() else {
        panic!("{} snippets in JavaScript", snippets.len())
    };
    let (import, rest) = snippet.split_once('\n').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let modules = folder.path().join("node_modules");
    fs::create_dir(&modules).unwrap();
    symlink(npm_package().unwrap(), modules.join("edgelatch")).unwrap();
    let file = folder.path().join("snippet.mjs");
    let decide =
        format!("async function decide(policy, request, ctx) {{\n{rest}return new Response();\n}}");
    fs::write(&file, format!("{import}\n{decide}\n{JUDGE}")).unwrap();
    let mut node = Command::new("node");
    node.arg(&file);
    assert_eq!(lab::run(node).unwrap(), "200 401 403\n");
}

fn readme() -> String {
    fs::read_to_string(lab::repository().join("README.md")).unwrap()
}

/// Each console session and each shell block as one script, without what `cargo xtask test` does anyway.
fn scripts(markdown: &str) -> Vec<String> {
    let sessions = blocks(markdown, &["console"]);
    let typed = sessions.iter().map(|text| {
        let lines = text.lines().filter_map(|line| line.strip_prefix("$ "));
        lines.filter(|line| !is_run_by_ci(line)).map(|line| line.to_owned() + "\n").collect()
    });
    typed.chain(blocks(markdown, &["sh", "bash", "shell"])).collect()
}

fn is_run_by_ci(line: &str) -> bool {
    RUN_BY_CI.contains(&line.split('#').next().unwrap_or_default().trim())
}

/// Runs a script in a folder that looks like the root after a build, so that it may leave files.
fn run(script: &str) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("dist")).unwrap();
    symlink(lab::program().unwrap(), folder.path().join("dist/edgelatch")).unwrap();
    for name in ["envoy", "src", "tests"] {
        symlink(lab::repository().join(name), folder.path().join(name)).unwrap();
    }
    let policy = blocks(&readme(), &["yaml"]).into_iter().find(|text| text.starts_with("issuers:"));
    fs::write(folder.path().join("policy.yaml"), policy.unwrap_or_default()).unwrap();
    // What it leaves in the background has to end with it, and the issuer's port may be taken here.
    let script = format!("trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n{script}");
    let script = script.replace("8080", &free_port().unwrap().to_string());
    let mut shell = Command::new("timeout");
    shell.args(["300", "bash", "-euo", "pipefail", "-c", &script]).current_dir(folder.path());
    match lab::run(shell) {
        Ok(output) => println!("{output}"),
        Err(error) => panic!("the README says:\n{script}\nbut {error}"),
    }
}

/// The entries of `http_filters`, at the left margin.
fn entries(snippet: &str) -> String {
    let lines: Vec<_> =
        snippet.lines().filter(|line| !line.trim_start().starts_with("http_filters:")).collect();
    let margin = |line: &&str| line.len() - line.trim_start().len();
    let margin = lines.iter().filter(|l| !l.trim().is_empty()).map(margin).min().unwrap_or(0);
    lines.iter().map(|line| line.get(margin..).unwrap_or("").to_owned() + "\n").collect()
}

#[test]
fn finds_scripts_and_blocks() {
    let markdown = "a\n```console\n$ one two   # why\noutput\n$ cargo xtask test  # why\n```\nb\n\
                    ```sh\nthree\n```\n```yaml\nx: 1\n```\n";
    assert_eq!(scripts(markdown), ["one two   # why\n", "three"]);
    assert_eq!(blocks(markdown, &["yaml"]), ["x: 1"]);
    assert_eq!(entries("http_filters:\n  - a:\n      b\n"), "- a:\n    b\n");
}

/// What `cargo xtask test` does itself, or is.
const RUN_BY_CI: [&str; 5] = [
    "cargo xtask demo",
    "cargo xtask demo --check",
    "cargo xtask demo --worker",
    "cargo xtask demo --worker --check",
    "cargo xtask test",
];

/// Open to everybody, without the token that is asked for, and no route.
const JUDGE: &str = r#"
const policy = {
  issuers: [{ issuer: "https://issuer.test", audiences: ["https://api.test"], jwks_uri: "https://issuer.test/keys" }],
  routes: [
    { name: "open", methods: ["GET"], path: "/open", mode: "public" },
    { name: "closed", methods: ["GET"], path: "/closed", scopes: { all: ["read"] } },
  ],
};
globalThis.fetch = async () => new Response("", { status: 503 });
const paths = ["open", "closed", "elsewhere"];
const requests = paths.map((path) => new Request(`https://api.test/${path}`));
const answers = await Promise.all(requests.map((request) => decide(policy, request, { waitUntil() {} })));
console.log(answers.map(({ status }) => status).join(" "));
"#;

const ISSUER: &str = "- name: issuer
  type: STATIC
  load_assignment:
    cluster_name: issuer
    endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 8080}}}}]}]
";
