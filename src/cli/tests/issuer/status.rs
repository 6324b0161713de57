//! Taking access away: the claim in every token, the signed list, and the edges that wait for it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use super::harness::{
    API, Answer, Credentials, ISSUER, OTHER_API, Running, add_client, eventually, execute, made,
    mistake, orders, path, succeed,
};
use super::metered::Metered;
use super::verify;

const GRANT: &str = "grant_type=client_credentials";
const URI: &str = "http://127.0.0.1:8470/status-list";

/// What the list says, inflated.
struct List {
    claims: Value,
    bytes: Vec<u8>,
}

impl List {
    fn of(answer: &Answer) -> Self {
        let claims = verify::payload(&answer.body);
        let lst = claims["status_list"]["lst"].as_str().unwrap();
        let compressed = Base64UrlUnpadded::decode_vec(lst).unwrap();
        let mut bytes = Vec::new();
        flate2::read::ZlibDecoder::new(compressed.as_slice()).read_to_end(&mut bytes).unwrap();
        Self { claims, bytes }
    }

    fn read(running: &Running) -> Self {
        Self::of(&running.get("/status-list"))
    }

    fn is_invalid(&self, index: u64) -> bool {
        let byte = self.bytes[usize::try_from(index / 8).unwrap()];
        byte >> (index % 8) & 1 == 1
    }

    fn sequence(&self) -> u64 {
        self.claims["sequence"].as_u64().unwrap()
    }
}

/// The place of a new token in the list.
fn index(running: &Running, client: &Credentials) -> u64 {
    index_of(running, client, GRANT)
}

fn index_of(running: &Running, client: &Credentials, form: &str) -> u64 {
    let claims = running.token(&client.basic(), form).claims();
    assert_eq!(claims["status"]["status_list"]["uri"], URI);
    claims["status"]["status_list"]["idx"].as_u64().unwrap()
}

fn poll(running: &Running, tag: &str, wait: &str) -> Answer {
    running.send(&request(tag, wait))
}

fn request(tag: &str, wait: &str) -> String {
    format!(
        "GET /status-list{wait} HTTP/1.1\r\nHost: x\r\nIf-None-Match: {tag}\r\n\
         Accept: application/statuslist+jwt\r\nConnection: close\r\n\r\n"
    )
}

#[test]
fn serves_a_list_that_an_outside_library_verifies() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let answer = running.get("/status-list");
    assert_eq!(answer.header("content-type"), Some("application/statuslist+jwt"));
    assert_eq!(answer.header("cache-control"), Some("max-age=5"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));

    let header = verify::header(&answer.body);
    assert_eq!(header["typ"], "statuslist+jwt");
    let keys = running.get("/.well-known/jwks.json").json();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]);
    let key: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.unwrap().clone()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[ISSUER]);
    let decoded =
        decode::<Value>(&answer.body, &DecodingKey::from_jwk(&key).unwrap(), &validation).unwrap();
    let claims = decoded.claims;
    assert_eq!((&claims["sub"], &claims["ttl"]), (&json!(URI), &json!(5)));
    assert_eq!(claims["exp"].as_u64().unwrap(), claims["iat"].as_u64().unwrap() + 3600);
    assert_eq!(claims["status_list"]["bits"], 1);
    assert_eq!(claims["revoked_tokens"], json!([]));
    assert!(List::of(&answer).bytes.iter().all(|byte| *byte == 0));
    assert_eq!(running.get("/status-lists").json(), json!({ "status_lists": [URI] }));
}

#[test]
fn saves_callers_that_know_the_list() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let first = running.get("/status-list");
    let tag = first.header("etag").unwrap();
    let again = poll(&running, tag, "");
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(again.header("etag"), Some(tag));
    assert_eq!(poll(&running, "\"other\"", "?wait=60").status, 200, "at once");
    assert_eq!(running.get("/status-list?wait=60").status, 200, "at once");
    let head = running.send("HEAD /status-list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!((head.status, head.header("etag"), head.body.as_str()), (200, Some(tag), ""));
    assert_eq!(running.get("/status-list?time=1700000000").status, 501);
    assert_eq!(running.get("/status-list?wait=61").status, 400);
    let options = "OPTIONS /status-list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let preflight = running.send(options);
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-headers"), Some("accept, if-none-match"));
}

#[test]
fn gives_every_secret_a_place_of_its_own_and_takes_it_back() {
    let folder = made(&[]);
    let (one, other) = (orders(folder.path()), orders(folder.path()));
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let (first, second) = (index(&running, &one), index(&running, &other));
    assert_ne!(first, second);
    assert_eq!(index(&running, &one), first, "shared by all tokens of the secret");

    let before = List::read(&running);
    succeed(&["client", "disable", &one.id, "--data", path(&folder)]);
    eventually(|| List::read(&running).is_invalid(first));
    let after = List::read(&running);
    assert!(!before.is_invalid(first) && !after.is_invalid(second));
    assert_eq!(after.sequence(), before.sequence() + 1);
    assert!(after.claims["changed_at"].as_u64() > before.claims["changed_at"].as_u64());

    succeed(&["client", "enable", &one.id, "--data", path(&folder)]);
    eventually(|| running.token(&one.basic(), GRANT).status == 200);
    let fresh = index(&running, &one);
    assert!(fresh > second, "a place is never given twice");
    let list = List::read(&running);
    assert!(list.is_invalid(first) && !list.is_invalid(fresh), "old tokens stay dead");

    succeed(&["client", "remove", &one.id, "--data", path(&folder)]);
    eventually(|| List::read(&running).is_invalid(fresh));
    assert!(!List::read(&running).is_invalid(second));
}

#[test]
fn kills_the_tokens_of_a_dropped_secret_and_no_others() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let data = path(&folder);
    let printed = succeed(&["client", "secret", "add", &client.id, "--data", data, "--json"]);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    let secret = printed["client_secret"].as_str().unwrap().to_owned();
    let newer = Credentials { id: client.id.clone(), secret };
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let (old, new) = (index(&running, &client), index(&running, &newer));
    let list = succeed(&["client", "secret", "list", &client.id, "--data", data, "--json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2);

    let old_id = client.secret.split('_').nth(2).unwrap();
    let unknown = mistake(&["client", "secret", "drop", &client.id, "nothing", "--data", data]);
    assert!(unknown.contains("no such secret: nothing"), "{unknown}");
    succeed(&["client", "secret", "drop", &client.id, old_id, "--data", data]);
    eventually(|| List::read(&running).is_invalid(old));
    assert!(!List::read(&running).is_invalid(new));
    assert_eq!(running.token(&client.basic(), GRANT).status, 401);
    assert_eq!(index(&running, &newer), new);
}

#[test]
fn kills_tokens_when_rights_are_narrowed_and_keeps_them_when_widened() {
    let folder = made(&[]);
    let both = ["--scope", "a", "--scope", "b", "--resource", API];
    let client = add_client(folder.path(), &both);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let change = |words: &[&str]| {
        let data = ["--data", path(&folder)];
        succeed(&[&["client"][..], words, &data].concat())
    };
    let first = index(&running, &client);
    let sequence = List::read(&running).sequence();

    let printed = change(&["scope", "add", &client.id, "c"]);
    assert_eq!(printed, format!("scopes of {}: a b c\n", client.id));
    change(&["resource", "add", &client.id, OTHER_API]);
    let form = format!("{GRANT}&resource={API}");
    eventually(|| running.token(&client.basic(), &form).json()["scope"] == "a b c");
    assert_eq!(List::read(&running).sequence(), sequence);
    assert!(!List::read(&running).is_invalid(first));

    for narrowing in [
        ["scope", "remove", &client.id, "b"],
        ["resource", "remove", &client.id, OTHER_API],
        ["scope", "set", &client.id, "c"],
    ] {
        let before = index_of(&running, &client, &form);
        change(&narrowing);
        eventually(|| List::read(&running).is_invalid(before));
        assert_ne!(index_of(&running, &client, &form), before);
    }
    let before = index(&running, &client);
    change(&["revoke-tokens", &client.id]);
    eventually(|| List::read(&running).is_invalid(before));
    assert_eq!(running.token(&client.basic(), GRANT).json()["scope"], "c");

    let typo = mistake(&["client", "scope", "remove", &client.id, "C", "--data", path(&folder)]);
    assert!(typo.contains("the client does not have it: C"), "{typo}");
    let last = mistake(&["client", "scope", "remove", &client.id, "c", "--data", path(&folder)]);
    assert!(last.contains("needs one scope"), "{last}");
}

#[test]
fn wakes_those_who_wait_as_soon_as_another_process_takes_access_away() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Metered::start(folder.path());
    let heard_after = || {
        let took = time_to_hear(&running, path(&folder), &client);
        succeed(&["client", "enable", &client.id, "--data", path(&folder)]);
        eventually(|| running.token(&client.basic(), GRANT).status == 200);
        took
    };
    // The best of several: a busy machine may be slow now and then.
    assert!((0..8).any(|_| heard_after() < Duration::from_millis(300)));
}

/// How long after the change an edge hears of it that waits, by its own clock and by what the list says.
fn time_to_hear(running: &Metered, data: &str, client: &Credentials) -> Duration {
    let dead = index(running, client);
    let waiting = wait_for_news(running);
    running.wait_for_an_edge();
    assert!(!waiting.is_finished(), "nothing has changed yet");
    succeed(&["client", "disable", &client.id, "--data", data]);
    let committed = Instant::now();
    let (heard, at, answer) = waiting.join().unwrap();
    let list = List::of(&answer);
    assert!(list.is_invalid(dead));
    let changed = Duration::from_millis(list.claims["changed_at"].as_u64().unwrap());
    let delay = at.duration_since(UNIX_EPOCH).unwrap().saturating_sub(changed);
    delay.max(heard.saturating_duration_since(committed))
}

/// An edge that has the list and waits for the next one; what it hears, and when.
fn wait_for_news(running: &Running) -> JoinHandle<(Instant, SystemTime, Answer)> {
    let tag = running.get("/status-list").header("etag").unwrap().to_owned();
    let address = running.address;
    thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request(&tag, "?wait=60").as_bytes()).unwrap();
        let answer = Answer::read(&mut stream);
        (Instant::now(), SystemTime::now(), answer)
    })
}

/// Longer than the time that a connection may take for a request head.
#[test]
fn lets_a_poll_wait_longer_than_other_limits_and_ends_it_in_time() {
    let folder = made(&[]);
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let tag = running.get("/status-list").header("etag").unwrap().to_owned();
    let started = Instant::now();
    assert_eq!(poll(&running, &tag, "?wait=11").status, 304);
    let waited = started.elapsed();
    // Far from the longest wait, a minute, which would be too long for those who asked for less.
    assert!((11.0..40.0).contains(&waited.as_secs_f64()), "{waited:?}");
}

#[test]
fn lets_those_who_wait_go_when_it_stops() {
    let folder = made(&[]);
    let running = Metered::start(folder.path());
    let waiting = wait_for_news(&running);
    running.wait_for_an_edge();
    let started = Instant::now();
    assert_eq!(running.terminate(), Some(0));
    let (_, _, answer) = waiting.join().unwrap();
    assert_eq!(answer.status, 304);
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn keeps_its_sequence_through_a_restart() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let dead = index(&running, &client);
    succeed(&["client", "disable", &client.id, "--data", path(&folder)]);
    eventually(|| List::read(&running).is_invalid(dead));
    let before = List::read(&running);
    assert_eq!(running.terminate(), Some(0));
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let after = List::read(&running);
    assert_eq!(after.sequence(), before.sequence());
    assert_eq!(after.claims["changed_at"], before.claims["changed_at"]);
    assert!(after.is_invalid(dead));
}

/// D05: edges refuse a list that goes backwards, and so does the issuer.
#[test]
fn refuses_a_backup_that_would_bring_back_what_was_taken_away() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let dead = index(&running, &client);
    succeed(&["client", "disable", &client.id, "--data", path(&folder)]);
    eventually(|| List::read(&running).is_invalid(dead));
    let sequence = List::read(&running).sequence();
    execute(folder.path(), "UPDATE status_list SET sequence = sequence - 1");
    execute(folder.path(), "UPDATE client SET enabled = 1");
    execute(folder.path(), "UPDATE status_entry SET invalid_at = NULL");
    eventually(|| running.get("/readyz").status == 503);
    assert!(List::read(&running).is_invalid(dead));
    assert_eq!(List::read(&running).sequence(), sequence);
    assert_eq!(running.token(&client.basic(), GRANT).status, 401);
}

/// An issuer of an earlier release: none of the tables, and so no places.
#[test]
fn gives_places_to_the_clients_of_an_earlier_release() {
    let folder = made(&[]);
    let (client, closed) = (orders(folder.path()), orders(folder.path()));
    for statement in [
        &format!("UPDATE client SET enabled = 0 WHERE client_id = '{}'", closed.id),
        "DROP TABLE status_entry",
        "DROP TABLE status_list",
        "DROP TABLE revoked_token",
        "DROP TABLE client_change",
        "DELETE FROM _sqlx_migrations WHERE version = 2",
    ] {
        execute(folder.path(), statement);
    }
    let running = Running::start(folder.path(), "127.0.0.1:0");
    let first = index(&running, &client);
    assert!(!List::read(&running).is_invalid(first));
    succeed(&["client", "enable", &closed.id, "--data", path(&folder)]);
    eventually(|| running.token(&closed.basic(), GRANT).status == 200);
    assert_ne!(index(&running, &closed), first);
}
