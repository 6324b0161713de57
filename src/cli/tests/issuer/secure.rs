//! TLS, with a certificate made for the test.

use std::fs;

use serde_json::Value;

use super::harness::{Running, command, mistake, orders, path, succeed};
use super::ports::free_port;

struct Files {
    folder: tempfile::TempDir,
    certificate: String,
    key: String,
}

fn files() -> Files {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let write = |name: &str, text: String| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let certificate = write("cert.pem", made.cert.pem());
    let key = write("key.pem", made.signing_key.serialize_pem());
    Files { folder, certificate, key }
}

#[test]
fn gives_tokens_over_tls() {
    let files = files();
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let issuer = format!("https://localhost:{port}");
    let tls = ["--tls-certificate", files.certificate.as_str(), "--tls-key", files.key.as_str()];
    let init = ["init", "--data", path(&data), "--issuer", issuer.as_str()];
    succeed(&[&init[..], &tls].concat());
    let client = orders(data.path());
    let running = Running::start(data.path(), &format!("127.0.0.1:{port}"));
    assert!(running.origin.starts_with("https://"));

    let ask = |extra: &[&str]| {
        let base =
            ["token", "--issuer", issuer.as_str(), "--client-id", client.id.as_str(), "--json"];
        command(&[&base[..], extra].concat())
            .env("EDGELATCH_CLIENT_SECRET", &client.secret)
            .output()
            .unwrap()
    };
    let trusted = ask(&["--ca-certificate", &files.certificate]);
    let errors = String::from_utf8_lossy(&trusted.stderr);
    let json: Value = serde_json::from_slice(&trusted.stdout).expect(&errors);
    assert_eq!(json["token_type"], "Bearer");

    let stranger = ask(&[]);
    assert_eq!(stranger.status.code(), Some(1), "a certificate nobody trusts is refused");
    assert!(String::from_utf8_lossy(&stranger.stderr).contains("--ca-certificate"));
    assert_ne!(running.get("/livez").status, 200, "plain HTTP is not served on the TLS port");
}

#[test]
fn refuses_a_key_of_another_certificate() {
    let (one, other) = (files(), files());
    let data = one.folder.path().join("data").display().to_string();
    let error = mistake(&[
        "init",
        "--data",
        &data,
        "--issuer",
        "https://localhost",
        "--tls-certificate",
        &one.certificate,
        "--tls-key",
        &other.key,
    ]);
    assert!(error.contains("cannot use the key of the certificate"), "{error}");
    assert!(!one.folder.path().join("data").exists());
}
