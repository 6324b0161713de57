//! The page that explains a decision, in a real browser: every example, a keyboard and a token of the real issuer,
//! eyes, and the promise that nothing leaves it.

#![cfg(test)]

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::{
    self, Client, ClientOptions, Issuer, IssuerOptions, LabError, free_port, http,
};

#[test]
fn every_example_ends_at_its_stage() {
    walk("examples", &[]).unwrap();
}

#[test]
fn only_what_was_verified_is_called_so() {
    walk("places", &[]).unwrap();
}

#[test]
fn a_token_of_the_issuer_is_pasted_and_decided_by_keyboard_alone() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port().unwrap();
    let url = format!("http://127.0.0.1:{port}");
    let (issuer, client) = start_issuer(folder.path(), port, &url).unwrap();
    let token = fetch_token(&url, &client).unwrap();
    let get = |path| http::get(([127, 0, 0, 1], port).into(), path).unwrap().text();
    let (keys, list) = (get("/.well-known/jwks.json"), get("/status-list"));
    lab::run(issuer.change_client("revoke-tokens", &client.client_id).unwrap()).unwrap();
    let later = changed(&list, || get("/status-list"));
    let given = [
        ("ISSUER", &url),
        ("TOKEN", &token),
        ("KEY_SET", &keys),
        ("LIST", &list),
        ("LATER_LIST", &later),
    ];
    walk("keyboard", &given.map(|(name, value)| (name, value.as_str()))).unwrap();
}

#[test]
fn all_texts_can_be_read_in_light_and_dark_and_on_a_phone() {
    walk("sight", &[]).unwrap();
}

#[test]
fn nothing_leaves_the_page_and_nothing_stays() {
    walk("silence", &[]).unwrap();
}

#[test]
fn every_reason_has_its_words() {
    let folder = lab::repository().join("www");
    let mut compiler = Command::new("node");
    compiler.current_dir(&folder).args([
        "node_modules/typescript/bin/tsc",
        "--project",
        "playground",
    ]);
    lab::run(compiler).unwrap();
}

/// One walk through the page by a script of `tests/playground`.
fn walk(name: &str, environment: &[(&str, &str)]) -> Result<(), LabError> {
    let mut node = Command::new("node");
    node.arg(lab::repository().join("tests/playground").join(name).with_extension("mjs"));
    node.envs(environment.iter().copied());
    println!("{}", lab::run(node)?);
    Ok(())
}

fn start_issuer(folder: &Path, port: u16, url: &str) -> Result<(Issuer, Client), LabError> {
    let options = IssuerOptions {
        data: folder.join("issuer"),
        url,
        listen: ([127, 0, 0, 1], port).into(),
        tls: None,
        arguments: &[],
    };
    let (issuer, [client]) = Issuer::start_with(&options, [READER])?;
    Ok((issuer, client))
}

/// What is read once it is no longer `before`.
fn changed(before: &str, read: impl Fn() -> String) -> String {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let text = read();
        if text != before {
            return text;
        }
        assert!(Instant::now() < deadline, "nothing was revoked");
        thread::sleep(Duration::from_millis(20));
    }
}

fn fetch_token(issuer: &str, client: &Client) -> Result<String, LabError> {
    let mut command = Command::new(lab::program()?);
    command.args(["token", "--issuer", issuer, "--client-id", &client.client_id]);
    command.args(["--scope", "orders:read", "--resource", "https://api.example.com"]);
    command.env("EDGELATCH_CLIENT_SECRET", &client.client_secret);
    Ok(lab::run(command)?.trim().to_owned())
}

const READER: ClientOptions<'static> = ClientOptions {
    name: "billing",
    scopes: &["orders:read"],
    resources: &["https://api.example.com"],
    token_lifetime: None,
};
