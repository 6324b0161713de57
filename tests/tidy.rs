//! The shape of the repository: what nobody remembers to look at in a review.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use edgelatch_tests::lab;

#[test]
fn top_level_holds_only_the_fixed_set() {
    let files = files();
    let top: BTreeSet<_> = files.iter().filter_map(|file| file.split('/').next()).collect();
    for name in top {
        let is_fixed = FIXED.contains(&name) || name.starts_with('.');
        assert!(is_fixed, "{name} does not belong into the top level");
    }
}

#[test]
fn every_path_that_a_map_names_exists() {
    let files = files();
    for map in ["README.md", "src/README.md"] {
        for path in paths(&read(map)) {
            assert!(exists(&files, &path), "{map} names {path}, which does not exist");
        }
    }
}

#[test]
fn long_files_give_a_reason() {
    for file in files().iter().filter(|file| is_source(file)) {
        let text = read(file);
        let lines = text.lines().count();
        let is_explained = text.contains(REASON);
        assert!(lines <= 400 || is_explained, "{file} has {lines} lines and no line `{REASON} ..`");
    }
}

#[test]
fn nothing_points_out_of_the_repository() {
    // In two parts, or this file would name them.
    let outside = [concat!("../", "shared"), concat!("/", "work/"), concat!("/tmp/", "brief")];
    for file in files() {
        let Ok(text) = fs::read_to_string(lab::repository().join(&file)) else { continue };
        for place in outside {
            assert!(!text.contains(place), "{file} names {place}");
        }
    }
}

/// What git tracks or would track, relative to the root.
fn files() -> Vec<String> {
    let mut git = Command::new("git");
    git.current_dir(lab::repository());
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let output = lab::run(git).unwrap();
    let files: Vec<_> = output.lines().map(str::to_owned).collect();
    assert!(files.len() > 50, "git lists only {files:?}");
    files.into_iter().filter(|file| lab::repository().join(file).is_file()).collect()
}

fn read(file: &str) -> String {
    let path = lab::repository().join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code spans that read like a path of this repository: `a/b` or `name.rs`.
fn paths(markdown: &str) -> BTreeSet<String> {
    let prose: Vec<_> = markdown.split("```").step_by(2).collect();
    let spans = prose.iter().flat_map(|text| text.split('`').skip(1).step_by(2));
    spans.filter(|span| is_path(span)).map(|span| span.trim_end_matches('/').to_owned()).collect()
}

fn is_path(span: &str) -> bool {
    let is_plain = span.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let top = span.split('/').next().unwrap_or_default();
    let is_inside = span.contains('/') && (FIXED.contains(&top) || MEMBERS.contains(&top));
    let is_file = ENDINGS.iter().any(|ending| span.len() > ending.len() && span.ends_with(ending));
    is_plain && (is_inside || is_file) && !span.starts_with("dist/") && !span.starts_with('/')
}

/// A map may shorten a path to its last parts, as long as they say which file is meant.
fn exists(files: &[String], path: &str) -> bool {
    let tail = format!("/{path}");
    let folder = format!("{path}/");
    let inner = format!("/{path}/");
    files.iter().any(|file| {
        file == path || file.ends_with(&tail) || file.starts_with(&folder) || file.contains(&inner)
    })
}

fn is_source(file: &str) -> bool {
    [".rs", ".md", ".yaml", ".sql", ".ts", ".js"].iter().any(|ending| file.ends_with(ending))
}

#[test]
fn finds_paths_in_prose_only() {
    let markdown =
        "see `src/core/`, `tidy.rs` and `application/json`\n```sh\ncat `src/x.rs`\n```\n`a b.rs`";
    assert_eq!(paths(markdown), ["src/core", "tidy.rs"].map(str::to_owned).into());
}

const REASON: &str = "More than 400 lines:";

/// The five that the project is made of, and what tools demand beside them.
const FIXED: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "envoy",
    "rust-toolchain.toml",
    "src",
    "tests",
    "www",
];
const MEMBERS: [&str; 4] = ["cli", "core", "issuer", "xtask"];
const ENDINGS: [&str; 7] = [".rs", ".md", ".yaml", ".json", ".toml", ".sql", ".yml"];
