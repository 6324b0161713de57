//! Making an issuer: one wins, whole, and nobody else loses anything.

use std::fs;
use std::path::Path;
use std::thread;

use super::harness::{edgelatch, made, mistake, path, succeed};

fn init(data: &str) -> std::process::Output {
    edgelatch(&["init", "--data", data, "--issuer", "https://issuer.example"])
}

/// Each loser once removed files of the winner.
#[test]
fn lets_one_of_several_win_and_keeps_its_issuer_whole() {
    for round in 0..10 {
        let parent = tempfile::tempdir().unwrap();
        let data = parent.path().join("data").display().to_string();
        if round % 2 == 0 {
            fs::create_dir(&data).unwrap();
        }
        let outcomes: Vec<_> = thread::scope(|scope| {
            let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| init(&data))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) =
            outcomes.iter().partition(|outcome| outcome.status.success());
        assert_eq!(won.len(), 1, "{outcomes:?}");
        for outcome in lost {
            let error = String::from_utf8_lossy(&outcome.stderr);
            let expected = ["is at work", "there is an issuer already"];
            assert!(expected.iter().any(|text| error.contains(text)), "{error}");
        }
        succeed(&["key", "list", "--data", &data]);
    }
}

#[test]
fn says_that_an_issuer_is_unfinished() {
    let folder = made(&[]);
    fs::remove_file(folder.path().join("issuer.yaml")).unwrap();
    let init = ["init", "--data", path(&folder), "--issuer", "https://issuer.example"];
    for arguments in [&init[..], &["serve", "--data", path(&folder)]] {
        let error = mistake(arguments);
        assert!(error.contains("unfinished init") && error.contains("edgelatch.db"), "{error}");
    }
    fs::remove_file(folder.path().join("edgelatch.db")).unwrap();
    succeed(&init);
}

#[test]
fn leaves_alone_what_it_did_not_make() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("master.key");
    fs::write(&key, "not a key").unwrap();
    assert!(!init(path(&folder)).status.success());
    assert_eq!(names(folder.path()), ["master.key"]);
    assert_eq!(fs::read_to_string(&key).unwrap(), "not a key");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
