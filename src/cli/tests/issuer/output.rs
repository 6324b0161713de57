//! Results that nobody can read.

use std::fs::File;
use std::process::{Output, Stdio};

use super::harness::{API, command, made, orders, path, succeed};

fn into(output: impl Into<Stdio>, arguments: &[&str]) -> Output {
    command(arguments)
        .stdout(output)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap()
}

fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

/// A pipe whose reader has gone away.
fn closed() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

#[test]
fn keeps_no_client_whose_secret_was_lost() {
    let folder = made(&[]);
    let data = path(&folder);
    let add = ["client", "add", "x", "--data", data, "--scope", "a", "--resource", API];
    for outcome in [into(full(), &add), into(closed(), &add)] {
        let error = String::from_utf8(outcome.stderr).unwrap();
        assert_eq!(outcome.status.code(), Some(2), "{error}");
        assert!(error.contains("the client is removed again"), "{error}");
        assert_eq!(succeed(&["client", "list", "--data", data, "--json"]), "[]\n");
    }
}

#[test]
fn fails_when_the_verdict_on_a_policy_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    std::fs::write(&file, r#"{"routes":[]}"#).unwrap();
    let check = ["policy", "check", file.to_str().unwrap()];
    assert_eq!(into(full(), &check).status.code(), Some(2));
    assert_eq!(into(closed(), &check).status.code(), Some(2));
}

#[test]
fn does_not_complain_about_a_reader_that_has_seen_enough() {
    let folder = made(&[]);
    orders(folder.path());
    let list = ["client", "list", "--data", path(&folder)];
    assert_eq!(into(closed(), &list).status.code(), Some(0));
}
