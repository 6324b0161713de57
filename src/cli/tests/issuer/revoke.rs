//! The revocation endpoint (RFC 7009): durable before it is answered, and for own tokens only.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};

use super::harness::{
    API, Answer, Credentials, Running, add_client, eventually, execute, made, orders, path,
};
use super::metered::Metered;
use super::verify;

const GRANT: &str = "grant_type=client_credentials";

fn token(running: &Running, client: &Credentials) -> String {
    let answer = running.token(&client.basic(), GRANT).json();
    answer["access_token"].as_str().unwrap().to_owned()
}

fn revoke(running: &Running, client: &Credentials, form: &str) -> Answer {
    let (headers, length) = (client.basic(), form.len());
    running.send(&format!(
        "POST /revoke HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{headers}\r\n{form}"
    ))
}

fn revoked(running: &Running) -> Value {
    verify::payload(&running.get("/status-list").body)["revoked_tokens"].clone()
}

fn entry(token: &str) -> Value {
    let claims = verify::payload(token);
    json!([claims["jti"], claims["exp"]])
}

#[test]
fn revokes_one_token_and_says_so_in_the_list_at_once() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let (one, other) = (token(&running, &client), token(&running, &client));
    let before = running.get("/status-list");
    let answer = revoke(&running, &client, &format!("token={one}&token_type_hint=refresh_token"));
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(revoked(&running), json!([entry(&one)]));
    let after = running.get("/status-list");
    assert_ne!(after.header("etag"), before.header("etag"));
    let sequence = |answer: &Answer| verify::payload(&answer.body)["sequence"].as_u64().unwrap();
    assert_eq!(sequence(&after), sequence(&before) + 1);

    assert_eq!(revoke(&running, &client, &format!("token={one}")).status, 200, "again");
    assert_eq!(running.get("/status-list").body, after.body, "nothing has changed");
    assert_eq!(revoke(&running, &client, &format!("token={other}")).status, 200);
    assert_eq!(revoked(&running).as_array().unwrap().len(), 2);

    let lines = running.audit(5);
    let line = lines.iter().find(|line| line.contains("token_revocation")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["outcome"], &line["reason"]), (&json!("revoked"), &json!("revoked")));
    assert_eq!(line["jti"], verify::payload(&one)["jti"]);
    assert!(!lines.join("").contains(&one));
}

#[test]
fn answers_200_for_what_is_no_live_token_of_its_own() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let short =
        add_client(folder.path(), &["--scope", "a", "--resource", API, "--token-lifetime", "1"]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let good = token(&running, &client);
    let mut flipped = good.clone().into_bytes();
    let place = flipped.len() - 10;
    flipped[place] = if flipped[place] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    let list = running.get("/status-list").body;
    for text in ["x", "a.b.c", &flipped, &list, &"a".repeat(9000)] {
        let answer = revoke(&running, &client, &format!("token={text}"));
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{text}");
    }
    let expired = token(&running, &short);
    std::thread::sleep(Duration::from_millis(2100));
    assert_eq!(revoke(&running, &short, &format!("token={expired}")).status, 200);
    assert_eq!(revoked(&running), json!([]));
}

#[test]
fn refuses_the_token_of_another_client_and_changes_nothing() {
    let folder = made(&[]);
    let (owner, other) = (orders(folder.path()), orders(folder.path()));
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let text = token(&running, &owner);
    let before = running.get("/status-list").body;
    let answer = revoke(&running, &other, &format!("token={text}"));
    assert_eq!(answer.verdict(), "400 invalid_grant");
    assert_eq!(running.get("/status-list").body, before);
    let lines = running.audit(2);
    assert!(lines[1].contains("token_of_another_client"), "{}", lines[1]);
}

#[test]
fn asks_for_the_same_credentials_as_the_token_endpoint() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let text = token(&running, &client);
    let stranger = Credentials { id: client.id.clone(), secret: "guess".to_owned() };
    let form = format!("token={text}");
    assert_eq!(revoke(&running, &stranger, &form).verdict(), "401 invalid_client");
    assert_eq!(revoke(&running, &client, "").verdict(), "400 invalid_request");
    assert_eq!(revoke(&running, &client, "token=").verdict(), "400 invalid_request");
    let twice = format!("{form}&{form}");
    assert_eq!(revoke(&running, &client, &twice).verdict(), "400 invalid_request");
    assert_eq!(running.get("/revoke").verdict(), "405 invalid_request");
    assert_eq!(revoked(&running), json!([]));
}

/// R05: the process has no chance to finish anything.
#[test]
fn remembers_a_revocation_when_it_is_killed_right_after_the_answer() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let text = token(&running, &client);
    assert_eq!(revoke(&running, &client, &format!("token={text}")).status, 200);
    let before = verify::payload(&running.get("/status-list").body);
    drop(running); // SIGKILL
    let running = Running::start(folder.path(), "127.0.0.1:0");
    assert_eq!(revoked(&running), json!([entry(&text)]));
    let after = verify::payload(&running.get("/status-list").body);
    assert_eq!(after["sequence"], before["sequence"]);
}

/// R04: whoever hears 200 may rely on it.
#[test]
fn does_not_promise_what_it_cannot_write() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let text = token(&running, &client);
    let form = format!("token={text}");
    let url = format!("sqlite://{}", folder.path().join("edgelatch.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut other = runtime.block_on(SqliteConnection::connect(&url)).unwrap();
    runtime.block_on(sqlx::query("BEGIN IMMEDIATE").execute(&mut other)).unwrap();
    let answer = revoke(&running, &client, &form);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert_eq!(revoked(&running), json!([]));
    runtime.block_on(sqlx::query("ROLLBACK").execute(&mut other)).unwrap();
    assert_eq!(revoke(&running, &client, &form).status, 200);
    assert_eq!(revoked(&running), json!([entry(&text)]));
}

#[test]
fn keeps_no_more_revoked_tokens_than_edges_take_and_forgets_old_ones() {
    let folder = made(&[]);
    let client = orders(folder.path());
    execute(
        folder.path(),
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
         INSERT INTO revoked_token SELECT 'id' || i, 'x', unixepoch() + 3600, 0 FROM n",
    );
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let text = token(&running, &client);
    let form = format!("token={text}");
    let answer = revoke(&running, &client, &form);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert_eq!(revoked(&running).as_array().unwrap().len(), 10_000);
    assert!(running.get("/status-list").body.len() < 1024 * 1024);
    // One expired more than five minutes ago, one did so not quite.
    execute(
        folder.path(),
        "UPDATE revoked_token SET expires_at = unixepoch() - 301 \
         WHERE token_id = 'id1'",
    );
    execute(
        folder.path(),
        "UPDATE revoked_token SET expires_at = unixepoch() - 200 \
         WHERE token_id = 'id2'",
    );
    eventually(|| revoke(&running, &client, &form).status == 200);
    let named = revoked(&running).to_string();
    assert!(named.contains("\"id2\"") && !named.contains("\"id1\""));
}

#[test]
fn counts_what_it_does_for_prometheus() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Metered::start(folder.path());
    let text = token(&running, &client);
    running.token(&client.basic(), "grant_type=password");
    let tag = running.get("/status-list").header("etag").unwrap().to_owned();
    let wait = format!(
        "GET /status-list?wait=30 HTTP/1.1\r\nHost: x\r\nIf-None-Match: {tag}\r\n\
         Connection: close\r\n\r\n"
    );
    let address = running.address;
    let waiting = std::thread::spawn(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        std::io::Write::write_all(&mut stream, wait.as_bytes()).unwrap();
        Answer::read(&mut stream).status
    });
    running.wait_for_an_edge();
    let began = Instant::now();
    assert_eq!(revoke(&running, &client, &format!("token={text}")).status, 200);
    assert_eq!(waiting.join().unwrap(), 200);
    let answer = running.metrics();
    let took = began.elapsed().as_secs_f64();
    let text = &answer.body;
    for line in [
        "edgelatch_tokens_issued_total 1",
        "edgelatch_token_requests_refused_total{error=\"unsupported_grant_type\"} 1",
        "edgelatch_revocations_total 1",
        "edgelatch_status_list_sequence 2",
        "edgelatch_status_list_entries 1",
        "edgelatch_status_list_invalid_entries 0",
        "edgelatch_revoked_tokens 1",
        "edgelatch_waiting_edges 0",
        "edgelatch_status_list_propagation_seconds_count 1",
        "# EOF",
    ] {
        assert!(text.lines().any(|known| known == line), "{line}\n{text}");
    }
    let sum = "edgelatch_status_list_propagation_seconds_sum ";
    let delay: f64 = text.lines().find_map(|line| line.strip_prefix(sum)?.parse().ok()).unwrap();
    assert!(delay <= took, "{delay} s of {took} s");
    assert!(!text.contains(&client.id));
    assert_eq!(running.get("/metrics").status, 404, "not where strangers are");
    let kind = answer.header("content-type").unwrap();
    assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
}

/// M05: written with the change itself.
#[test]
fn remembers_every_change_of_an_operator() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let data = ["--data", path(&folder)];
    let run = |words: &[&str]| super::harness::succeed(&[&["client"][..], words, &data].concat());
    run(&["scope", "remove", &client.id, "orders:write"]);
    run(&["disable", &client.id]);
    run(&["enable", &client.id]);
    run(&["revoke-tokens", &client.id]);
    run(&["secret", "add", &client.id]);
    run(&["secret", "drop", &client.id, client.secret.split('_').nth(2).unwrap()]);
    run(&["remove", &client.id]);
    let history: Value = serde_json::from_str(&run(&["history", &client.id, "--json"])).unwrap();
    let changes: Vec<_> =
        history.as_array().unwrap().iter().map(|row| row["change"].as_str().unwrap()).collect();
    assert_eq!(
        changes,
        [
            "added",
            "scopes changed",
            "disabled",
            "enabled",
            "tokens revoked",
            "secret added",
            "secret dropped",
            "removed",
        ]
    );
    let text = run(&["history"]);
    assert!(text.starts_with("TIME") && text.contains("orders:read"), "{text}");
    assert!(!text.contains(client.secret.split('_').nth(3).unwrap()));
}
