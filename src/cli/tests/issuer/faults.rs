//! What an operator can get wrong: one clear line, exit code 2, nothing changed.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::harness::{Running, command, execute, made, mistake, orders, path};

const PEM_WITHOUT_DER: &str = "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n";

fn serve_mistake(folder: &tempfile::TempDir) -> String {
    mistake(&["serve", "--data", path(folder), "--listen", "127.0.0.1:0"])
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .filter(|(name, _)| !name.ends_with("-shm") && !name.ends_with("-wal"))
        .collect();
    files.sort();
    files
}

#[test]
fn refuses_to_overwrite_an_issuer() {
    let folder = made(&[]);
    let before = contents(folder.path());
    let error = mistake(&["init", "--data", path(&folder), "--issuer", "https://a.example"]);
    assert!(error.contains("there is an issuer already"), "{error}");
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn names_a_folder_without_an_issuer() {
    let folder = tempfile::tempdir().unwrap();
    let error = serve_mistake(&folder);
    assert!(error.contains("no issuer here") && error.contains("edgelatch init"), "{error}");
}

#[test]
fn refuses_a_database_of_a_newer_release() {
    let folder = made(&[]);
    execute(
        folder.path(),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9000, 'later', 1, x'00', 0)",
    );
    let before = contents(folder.path());
    let error = serve_mistake(&folder);
    assert!(error.contains("newer") && error.contains("schema 9000"), "{error}");
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn refuses_a_wrong_master_key() {
    let folder = made(&[]);
    let file = folder.path().join("master.key");
    fs::write(&file, format!("{}\n", "A".repeat(43))).unwrap();
    let before = contents(folder.path());
    let error = serve_mistake(&folder);
    assert!(error.contains("wrong master key") && error.contains("master.key"), "{error}");
    assert_eq!(contents(folder.path()), before);
    fs::write(&file, "short\n").unwrap();
    assert!(serve_mistake(&folder).contains("not 32 bytes in base64url"));
    fs::remove_file(&file).unwrap();
    assert!(serve_mistake(&folder).contains("master key is missing"));
}

#[test]
fn refuses_a_database_that_is_not_ours_or_not_whole() {
    let folder = made(&[]);
    let file = folder.path().join("edgelatch.db");
    let whole = fs::read(&file).unwrap();

    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let error = serve_mistake(&folder);
    assert!(error.contains("damaged"), "{error}");
    assert_eq!(fs::read(&file).unwrap(), &whole[..whole.len() / 2]);

    fs::write(&file, "To whom it may concern, this is a letter and no database.".repeat(20))
        .unwrap();
    assert!(serve_mistake(&folder).contains("not a database of edgelatch"));

    fs::write(&file, "").unwrap();
    assert!(serve_mistake(&folder).contains("not a database of edgelatch"));

    fs::remove_file(&file).unwrap();
    assert!(serve_mistake(&folder).contains("database is missing"));
}

#[test]
fn refuses_an_address_that_is_in_use() {
    let folder = made(&[]);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let error = mistake(&["serve", "--data", path(&folder), "--listen", &address]);
    assert!(error.contains(&format!("address is in use: {address}")), "{error}");
}

#[test]
fn refuses_plain_http_beyond_loopback() {
    let folder = made(&[]);
    let error = mistake(&["serve", "--data", path(&folder), "--listen", "0.0.0.0:0"]);
    assert!(error.contains("only on a loopback address"), "{error}");
}

#[test]
fn blames_the_option_for_its_address() {
    let folder = made(&[]);
    let error = mistake(&["serve", "--data", path(&folder), "--listen", "0.0.0.0:0"]);
    assert!(error.contains("--listen: 0.0.0.0:0") && !error.contains("issuer.yaml"), "{error}");
}

#[test]
fn refuses_two_master_keys_and_one_that_is_not_text() {
    let folder = tempfile::tempdir().unwrap();
    let init = ["init", "--data", path(&folder), "--issuer", "https://a.example"];
    let with_key = |key: &OsStr, extra: &[&str]| {
        let outcome = command(&[&init[..], extra].concat())
            .env("EDGELATCH_MASTER_KEY", key)
            .output()
            .unwrap();
        assert_eq!(outcome.status.code(), Some(2));
        String::from_utf8(outcome.stderr).unwrap()
    };
    let key = "A".repeat(43);
    let error = with_key(key.as_ref(), &["--master-key-file", "other.key"]);
    assert!(error.contains("two master keys"), "{error}");
    let error = with_key(OsStr::from_bytes(b"\xFF"), &[]);
    assert!(error.contains("master key is not text"), "{error}");
    assert_eq!(contents(folder.path()), []);
}

#[test]
fn refuses_an_issuer_without_https() {
    let folder = tempfile::tempdir().unwrap();
    for issuer in ["http://a.example", "a.example", "https://a.example/", "https://a.example?b"] {
        let error = mistake(&["init", "--data", path(&folder), "--issuer", issuer]);
        assert!(error.contains(&format!("--issuer {issuer}")), "{error}");
    }
    assert_eq!(contents(folder.path()), []);
}

/// What cannot be recorded is not granted.
#[test]
fn issues_nothing_when_nobody_takes_the_audit() {
    let folder = made(&[]);
    let client = orders(folder.path());
    let running = Running::start_deaf(folder.path());
    let answer = running.token(&client.basic(), "grant_type=client_credentials");
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert!(!answer.body.contains("access_token"));
}

#[test]
fn names_the_wrong_field_of_the_configuration() {
    let folder = made(&[]);
    let file = folder.path().join("issuer.yaml");
    let good = fs::read_to_string(&file).unwrap();
    for (line, expected) in [
        ("lisen: 127.0.0.1:1", "unknown field `lisen`"),
        ("max_connections: many", "max_connections"),
        ("tls: { certificate: a.pem }", "tls"),
        ("issuer: https://other.example", "issuer.yaml"),
        ("a: [", "line"),
    ] {
        fs::write(&file, format!("{good}{line}\n")).unwrap();
        let error = serve_mistake(&folder);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn names_a_certificate_that_cannot_be_used() {
    let folder = made(&[]);
    let file = folder.path().join("issuer.yaml");
    let mut text = fs::read_to_string(&file).unwrap().replace("http:", "https:");
    text.push_str("tls: { certificate: cert.pem, key: key.pem }\n");
    fs::write(&file, text).unwrap();
    let error = serve_mistake(&folder);
    assert!(error.contains("cannot use the certificate") && error.contains("cert.pem"), "{error}");
    for junk in ["no certificate", PEM_WITHOUT_DER] {
        fs::write(folder.path().join("cert.pem"), junk).unwrap();
        let error = serve_mistake(&folder);
        assert!(error.contains("cannot use the certificate:"), "{error}");
    }
}

#[test]
fn keeps_its_files_to_their_owner() {
    let folder = made(&[]);
    orders(folder.path());
    let _running = Running::start(folder.path(), "127.0.0.1:0");
    let mut seen = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.path());
        seen += 1;
    }
    assert!(seen >= 3, "configuration, database and key at least");
}
