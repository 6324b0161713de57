//! The inputs of the targets: checked in, and found on this machine.

use std::fs;
use std::path::PathBuf;

use crate::Failure;
use crate::paths;

/// Which inputs a run begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Corpus {
    /// Those that are checked in.
    CheckedIn,
    /// Those, and what earlier runs found.
    Kept,
}

/// All targets, or the one of this name. Each has a folder of inputs.
pub(crate) fn targets(name: Option<&str>) -> Result<Vec<String>, Failure> {
    let folder = root().join("corpus");
    let entries = fs::read_dir(&folder).map_err(Failure::file("read", &folder))?;
    let mut targets: Vec<_> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    targets.sort();
    match name {
        None => Ok(targets),
        Some(name) if targets.iter().any(|target| target == name) => Ok([name.to_owned()].into()),
        Some(_) => Err(Failure::step(format!("choosing a target among {}", targets.join(", ")))),
    }
}

/// The inputs of a target that are checked in.
pub(crate) fn checked_in(target: &str) -> PathBuf {
    root().join("corpus").join(target)
}

/// The words that a target's inputs are made of.
pub(crate) fn dictionary(target: &str) -> PathBuf {
    root().join("dictionaries").join(target)
}

/// Where libFuzzer leaves what it finds.
pub(crate) fn folder_for_new(target: &str, corpus: Corpus) -> Result<PathBuf, Failure> {
    let folder = match corpus {
        Corpus::CheckedIn => paths::target().join("fuzz/brief").join(target),
        Corpus::Kept => paths::target().join("fuzz/corpus").join(target),
    };
    if corpus == Corpus::CheckedIn && folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file("remove", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::file("create", &folder))?;
    Ok(folder)
}

fn root() -> PathBuf {
    paths::root().join("tests/fuzz")
}
