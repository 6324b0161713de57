//! The inputs of the targets: checked in, and found on this machine.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::paths;
use crate::run::{run, say};

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

/// Replaces the checked-in inputs by the fewest that reach the same code as they and the found ones. How often code
/// is reached does not count here: it would keep ten times as many.
pub(crate) fn minimise(program: &Path, target: &str) -> Result<(), Failure> {
    say(&format!("minimising the corpus of {target}"));
    let found = folder_for_new(target, Corpus::Kept)?;
    let old = checked_in(target);
    let fresh = old.with_extension("new");
    fs::create_dir_all(&fresh).map_err(Failure::file("create", &fresh))?;
    let mut fuzzer = super::fuzzer(program, target);
    fuzzer.args(["-merge=1", "-use_counters=0", "-verbosity=0"]).arg(&fresh).arg(&old).arg(found);
    run(fuzzer, "libFuzzer's merge")?;
    fs::remove_dir_all(&old).map_err(Failure::file("remove", &old))?;
    fs::rename(&fresh, &old).map_err(Failure::file("replace", &old))
}

fn root() -> PathBuf {
    paths::root().join("tests/fuzz")
}
