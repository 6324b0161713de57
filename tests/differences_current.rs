//! `envoy/DIFFERENCES.md` says what is so: the requests are sent again and the document is written anew.

#![cfg(test)]

use std::fs;

use edgelatch_tests::differences::{DOCUMENT, compare, document};
use edgelatch_tests::lab;

#[test]
fn the_document_of_differences_is_current() {
    let folder = tempfile::tempdir().unwrap();
    let comparison = compare(folder.path()).unwrap();
    let (requests, differing) = (comparison.requests(), comparison.differing());
    println!("differences: {requests} requests, {differing} differ");
    assert!(requests >= 500, "only {requests} requests");
    assert!(differing > 0 && differing < requests);

    let written = fs::read_to_string(lab::repository().join(DOCUMENT)).unwrap();
    let fresh = document(&comparison).unwrap();
    let first = written.lines().zip(fresh.lines()).find(|(old, new)| old != new);
    assert_eq!(first, None, "write it anew by `cargo xtask differences`");
    assert!(
        written == fresh,
        "it has more or fewer lines: write it anew by `cargo xtask differences`"
    );
}
