//! A running issuer and what happens to its database.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::harness::{Running, eventually, execute, made, orders, path, succeed};

const GRANT: &str = "grant_type=client_credentials";

#[test]
fn issues_nothing_without_an_active_key() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    execute(folder.path(), "UPDATE signing_key SET state = 'tainted'");
    eventually(|| running.get("/readyz").status == 503);
    let answer = running.token(&client.basic(), "grant_type=client_credentials");
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(running.get("/.well-known/jwks.json").body, r#"{"keys":[]}"#);
    assert_eq!(running.get("/livez").status, 200);
}

#[test]
fn refuses_a_client_without_the_grant() {
    let folder = made(&[]);
    let client = orders(folder.path());
    execute(folder.path(), "UPDATE client SET may_get_tokens = 0");
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let answer = running.token(&client.basic(), "grant_type=client_credentials");
    assert_eq!(answer.verdict(), "400 unauthorized_client");
}

#[test]
fn refuses_to_issue_when_the_clock_is_behind_the_database() {
    let folder = made(&[]);
    let client = orders(folder.path());
    execute(folder.path(), "UPDATE client SET changed_at = 99999999999");
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let answer = running.token(&client.basic(), "grant_type=client_credentials");
    assert_eq!(answer.status, 503);
    assert_eq!(running.get("/readyz").status, 503);
}

/// Somebody who can write the database, but does not know the master key.
#[test]
fn publishes_no_key_that_others_have_put_there() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let before = running.get("/.well-known/jwks.json").body;
    execute(
        folder.path(),
        "INSERT INTO signing_key (key_id, algorithm, state, sealed_private_key, created_at) \
         SELECT 'forged', algorithm, 'announced', sealed_private_key, created_at FROM signing_key",
    );
    succeed(&["client", "disable", &client.id, "--data", path(&folder)]);
    eventually(|| running.token(&client.basic(), GRANT).status == 401);
    assert_eq!(running.get("/.well-known/jwks.json").body, before);
}

#[test]
fn takes_no_secret_for_that_of_another_client() {
    let folder = made(&[]);
    let (one, other) = (orders(folder.path()), orders(folder.path()));
    execute(
        folder.path(),
        &format!(
            "UPDATE client_secret SET client_id = '{}' WHERE client_id = '{}'",
            other.id, one.id
        ),
    );
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let mixed = super::harness::Credentials { id: other.id, secret: one.secret };
    assert_eq!(running.token(&mixed.basic(), GRANT).status, 401);
}

/// As when a backup is restored: the old file is still open, and nobody can change it any more.
#[test]
fn follows_a_database_that_is_moved_into_place() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let copy = tempfile::tempdir().unwrap();
    for name in ["issuer.yaml", "edgelatch.db", "master.key"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    succeed(&["client", "disable", &client.id, "--data", path(&copy)]);
    assert_eq!(running.token(&client.basic(), GRANT).status, 200);
    replace(copy.path(), folder.path());
    eventually(|| running.token(&client.basic(), GRANT).status == 401);
    succeed(&["client", "enable", &client.id, "--data", path(&folder)]);
    eventually(|| running.token(&client.basic(), GRANT).status == 200);
    assert_eq!(running.get("/readyz").status, 200);
}

fn replace(from: &Path, to: &Path) {
    let moved = Command::new("mv").arg(from.join("edgelatch.db")).arg(to).status().unwrap();
    assert!(moved.success());
}
