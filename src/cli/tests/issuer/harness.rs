//! Starts issuers in folders of their own and speaks to them byte by byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

pub(super) const ISSUER: &str = "http://127.0.0.1:8470";
pub(super) const API: &str = "https://api.example";
pub(super) const OTHER_API: &str = "https://other.example";

/// Runs a command to its end, without the environment of the caller.
pub(super) fn edgelatch(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

pub(super) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgelatch"));
    command.args(arguments);
    for variable in ["EDGELATCH_DATA", "EDGELATCH_MASTER_KEY", "EDGELATCH_CLIENT_SECRET"] {
        command.env_remove(variable);
    }
    command
}

/// Runs a command that must succeed and returns what it printed.
pub(super) fn succeed(arguments: &[&str]) -> String {
    let output = edgelatch(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must fail as a mistake: one line on standard error, exit code 2.
pub(super) fn mistake(arguments: &[&str]) -> String {
    let output = edgelatch(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
    assert!(
        errors.starts_with("edgelatch: ") && errors.trim_end().lines().count() == 1,
        "{errors}"
    );
    errors
}

/// A folder with a new issuer in it.
pub(super) fn made(extra: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec!["init", "--data", path(&folder), "--issuer", ISSUER];
    arguments.extend(extra);
    succeed(&arguments);
    folder
}

pub(super) fn path(folder: &TempDir) -> &str {
    folder.path().to_str().unwrap()
}

pub(super) struct Credentials {
    pub(super) id: String,
    pub(super) secret: String,
}

impl Credentials {
    pub(super) fn basic(&self) -> String {
        let pair = format!("{}:{}", self.id, self.secret);
        format!("Authorization: Basic {}\r\n", Base64::encode_string(pair.as_bytes()))
    }

    pub(super) fn post(&self) -> String {
        format!("client_id={}&client_secret={}", self.id, self.secret)
    }
}

pub(super) fn add_client(folder: &Path, extra: &[&str]) -> Credentials {
    let data = folder.to_str().unwrap();
    let mut arguments = vec!["client", "add", "Order service", "--data", data, "--json"];
    arguments.extend(extra);
    let printed: Value = serde_json::from_str(&succeed(&arguments)).unwrap();
    let text = |name: &str| printed[name].as_str().unwrap().to_owned();
    Credentials { id: text("client_id"), secret: text("client_secret") }
}

/// A client with two scopes and one API.
pub(super) fn orders(folder: &Path) -> Credentials {
    let scopes = ["--scope", "orders:read", "--scope", "orders:write", "--resource", API];
    add_client(folder, &scopes)
}

/// A running issuer; ended when dropped.
pub(super) struct Running {
    child: Child,
    pub(super) origin: String,
    pub(super) address: SocketAddr,
    audit: Arc<Mutex<Vec<String>>>,
}

impl Running {
    pub(super) fn start(folder: &Path, listen: &str) -> Self {
        let mut running = Self::spawn(folder, listen);
        let output = BufReader::new(running.child.stdout.take().unwrap());
        let lines = Arc::clone(&running.audit);
        thread::spawn(move || {
            output.lines().map_while(Result::ok).for_each(|line| lines.lock().unwrap().push(line));
        });
        running
    }

    /// With a standard output whose reader has gone away.
    pub(super) fn start_deaf(folder: &Path) -> Self {
        let mut running = Self::spawn(folder, "127.0.0.1:0");
        drop(running.child.stdout.take());
        running
    }

    fn spawn(folder: &Path, listen: &str) -> Self {
        let data = folder.to_str().unwrap();
        let mut child = command(&["serve", "--data", data, "--listen", listen])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        errors.read_line(&mut ready).unwrap();
        let origin =
            ready.trim().strip_prefix("edgelatch: listening on ").expect(&ready).to_owned();
        let address = origin.split("://").nth(1).unwrap().parse().unwrap();
        Self { child, origin, address, audit: Arc::default() }
    }

    /// All audit lines, once there are as many as expected.
    pub(super) fn audit(&self, expected: usize) -> Vec<String> {
        eventually(|| self.audit.lock().unwrap().len() >= expected);
        self.audit.lock().unwrap().clone()
    }

    /// Waits until it lets nobody in any more: it has heard that it is to stop.
    pub(super) fn wait_until_closed(address: SocketAddr) {
        eventually(|| TcpStream::connect(address).is_err());
    }

    /// Asks it to stop.
    pub(super) fn signal(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    pub(super) fn terminate(mut self) -> Option<i32> {
        self.signal();
        self.child.wait().unwrap().code()
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    }

    /// A token request: extra header lines and a form.
    pub(super) fn token(&self, headers: &str, form: &str) -> Answer {
        self.post(&format!("Content-Type: application/x-www-form-urlencoded\r\n{headers}"), form)
    }

    pub(super) fn post(&self, headers: &str, body: &str) -> Answer {
        let length = body.len();
        self.send(&format!(
            "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    pub(super) fn send(&self, request: &str) -> Answer {
        self.send_bytes(request.as_bytes())
    }

    pub(super) fn send_bytes(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        // The peer may refuse before it has read all.
        let _ = stream.write_all(request);
        Answer::read(&mut stream)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn read(stream: &mut impl Read) -> Self {
        let mut bytes = Vec::new();
        // A reset after the answer is how a refused upload ends.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or("0");
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Self {
            status: status.parse().unwrap(),
            headers: lines.map(header).collect(),
            body: body.to_owned(),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// `400 invalid_request` and the like.
    pub(super) fn verdict(&self) -> String {
        let json = self.json();
        format!("{} {}", self.status, json["error"].as_str().unwrap_or("-"))
    }

    /// All but the date.
    pub(super) fn shape(&self) -> String {
        let headers: Vec<_> = self.headers.iter().filter(|(name, _)| name != "date").collect();
        format!("{} {headers:?} {}", self.status, self.body)
    }

    pub(super) fn claims(&self) -> Value {
        super::verify::payload(self.json()["access_token"].as_str().unwrap())
    }
}

/// Changes the database as another program would.
pub(super) fn execute(folder: &Path, statement: &str) {
    let url = format!("sqlite://{}", folder.join("edgelatch.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    });
}

/// Waits until something is true. Patient, since a busy machine may be slow; whoever waits in vain
/// pays for it.
pub(super) fn eventually(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_mins(1), "it never became so");
        thread::sleep(Duration::from_millis(10));
    }
}
