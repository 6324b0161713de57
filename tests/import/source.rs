//! The sources under `tests/import/sources`, and what `edgelatch policy import` makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use edgelatch_tests::lab;
use edgelatch_tests::minting::Keys;
use serde_json::{Value, json};

/// A source and the policy that it became.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) filters: Value,
    /// Its `route_config`, if it has one.
    pub(crate) routes: Option<Value>,
    pub(crate) policy: Value,
    /// So many of the requests must pass on both sides, or the comparison shows nothing.
    pub(crate) at_least: usize,
}

/// All sources. A folder takes their files.
pub(crate) fn all(folder: &Path) -> Vec<Source> {
    let sources = lab::repository().join("tests/import/sources");
    let mut files: Vec<PathBuf> =
        fs::read_dir(sources).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 15, "{files:?}");
    files.iter().map(|file| one(file, folder)).collect()
}

/// The first line says what becomes of it: `# whole, N pass` or `# lost, N pass`.
fn one(file: &Path, folder: &Path) -> Source {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(file).unwrap();
    let text = text.replace("$KEYS_A", &key_set("es256-1")).replace("$KEYS_B", &key_set("rs256-1"));
    let first = text.lines().next().unwrap().trim_start_matches("# ");
    let (fate, rest) = first.split_once(", ").unwrap();
    let at_least = rest.trim_end_matches(" pass").parse().unwrap();
    let place = folder.join(file.file_name().unwrap());
    fs::write(&place, &text).unwrap();
    let document: Value = serde_saphyr::from_str(&text).unwrap();
    Source {
        policy: imported(&place, fate),
        filters: document["http_filters"].clone(),
        routes: document.get("route_config").cloned(),
        name,
        at_least,
    }
}

/// The policy, once it is clear that nothing is lost in silence.
fn imported(file: &Path, fate: &str) -> Value {
    let strict = import(file, &[]);
    let notes = String::from_utf8_lossy(&strict.stderr).into_owned();
    let expected = if fate == "whole" { Some(0) } else { Some(2) };
    assert_eq!(strict.status.code(), expected, "{}: {notes}", file.display());
    assert_eq!(notes.contains("lost: "), fate == "lost", "{}: {notes}", file.display());
    let output = if fate == "whole" { strict } else { import(file, &["--lossy"]) };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn import(file: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(lab::program().unwrap());
    command.args(["policy", "import"]).arg(file).args(arguments).output().unwrap()
}

fn key_set(name: &str) -> String {
    json!({ "keys": [Keys::load().unwrap().public(name).unwrap()] }).to_string()
}
