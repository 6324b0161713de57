//! The npm page (`www/README.md`): its snippets run, and its tables say what the package does.

use std::collections::BTreeMap;
use std::process::Command;

use edgelatch_core::Rejection;
use edgelatch_tests::lab::{
    ClientOptions, Issuer, IssuerOptions, free_port, free_ports, npm_package, program, repository,
    run, workerd_program,
};

#[test]
fn every_snippet_of_the_npm_page_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (data, port) = (folder.path().join("issuer"), free_port().unwrap());
    let url = format!("http://127.0.0.1:{port}");
    let listen = ([127, 0, 0, 1], port).into();
    let options = IssuerOptions { data, url: &url, listen, tls: None, arguments: &[] };
    let (_issuer, [client]) = Issuer::start_with(&options, [READER]).unwrap();
    let mut node = node("readme.mjs");
    node.env("ISSUER", &url).env("ISSUER_DATA", &options.data);
    node.env("CLIENT_ID", &client.client_id).env("CLIENT_SECRET", &client.client_secret);
    node.env("EDGELATCH_BIN", program().unwrap())
        .env("EDGELATCH_WORKERD", workerd_program().unwrap());
    let ports: Vec<_> = free_ports(20).unwrap().iter().map(u16::to_string).collect();
    node.env("PORTS", ports.join(" "));
    let output = check(node);
    println!("readme: {} snippets", count(&output, "# shown: "));
}

#[test]
fn the_profiles_of_the_npm_page_are_those_of_the_core() {
    let output = check(node("readme_profiles.mjs"));
    println!("readme: {} tokens by the table of profiles", count(&output, "# tried: "));
}

#[test]
fn the_tables_of_the_npm_page_are_those_of_the_package() {
    check(node("readme_tables.mjs"));
}

#[test]
fn the_reasons_of_the_npm_page_are_those_of_the_core() {
    let page = std::fs::read_to_string(repository().join("www/README.md")).unwrap();
    let mut shown = BTreeMap::new();
    for (code, status) in reasons(&page) {
        assert_eq!(shown.insert(code, status), None, "{code} stands there twice");
    }
    let expected: BTreeMap<_, _> =
        Rejection::ALL.iter().map(|one| (one.code(), one.status())).collect();
    assert_eq!(shown, expected);
}

/// The rows that begin with a status and name reasons: each with its status.
fn reasons(page: &str) -> impl Iterator<Item = (&str, u16)> {
    page.lines().filter_map(row).flat_map(|(status, codes)| {
        let codes = codes.split('`').skip(1).step_by(2);
        codes.map(move |code| (code, status))
    })
}

fn row(line: &str) -> Option<(u16, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|');
    let status = cells.next()?.trim().parse().ok()?;
    Some((status, cells.next()?))
}

#[test]
fn reads_reasons_out_of_rows() {
    let page =
        "| status | reasons |\n|---|---|\n| 401 | `a.b`, `c.d` | `e.f` |\n| `ERR` | `g.h` |\n";
    assert_eq!(reasons(page).collect::<Vec<_>>(), [("a.b", 401), ("c.d", 401)]);
}

fn node(script: &str) -> Command {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap"]);
    node.arg(repository().join("tests/package").join(script));
    node.env("EDGELATCH_PACKAGE_ENTRY", npm_package().unwrap().join("dist/inline.js"));
    node.env("NODE_MODULES", repository().join("www/node_modules"));
    node
}

/// A file without tests passes as well.
fn check(node: Command) -> String {
    let output = run(node).unwrap();
    assert!(count(&output, "# pass ") >= 4, "{output}");
    for name in ["# fail ", "# cancelled ", "# skipped ", "# todo "] {
        assert_eq!(count(&output, name), 0, "{output}");
    }
    output
}

fn count(output: &str, name: &str) -> usize {
    let line = output.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.trim().parse().ok()).unwrap_or_else(|| panic!("{name} in {output}"))
}

const READER: ClientOptions<'_> = ClientOptions {
    name: "order-reader",
    scopes: &["orders:read"],
    resources: &["https://api.example.com"],
    token_lifetime: None,
};
