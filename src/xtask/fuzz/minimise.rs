//! The few inputs that are worth checking in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::corpora::{self, Corpus};
use crate::Failure;
use crate::paths;
use crate::run::{run, say};

/// Replaces the checked-in inputs by those of them and of the found ones that together reach most of the code.
pub(crate) fn minimise(program: &Path, target: &str) -> Result<(), Failure> {
    say(&format!("minimising the corpus of {target}"));
    let folder = paths::target().join("fuzz/minimise");
    let control = folder.join("control");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file("remove", &folder))?;
    }
    let merged = folder.join("merged");
    fs::create_dir_all(&merged).map_err(Failure::file("create", &merged))?;
    let checked_in = corpora::checked_in(target);
    let mut fuzzer = super::fuzzer(program, target);
    // How often code is reached does not count here: it would keep ten times as many.
    fuzzer.args(["-merge=1", "-use_counters=0", "-timeout=25"]);
    fuzzer.arg(format!("-merge_control_file={}", control.display()));
    fuzzer.arg(merged).arg(&checked_in).arg(corpora::folder_for_new(target, Corpus::Kept)?);
    run(fuzzer, "libFuzzer's merge")?;
    let text = fs::read_to_string(&control).map_err(Failure::file("read", &control))?;
    replace(&checked_in, &choose(read(&text)))
}

/// An input, and the edges of the code that it reaches.
struct Input {
    path: PathBuf,
    size: usize,
    edges: BTreeSet<u32>,
}

/// Reads libFuzzer's control file: how many inputs, how many of them are old, their paths, and for each of them
/// `STARTED number size` and `COV number edges`.
fn read(control: &str) -> Vec<Input> {
    let mut lines = control.lines();
    let count = lines.next().and_then(|line| line.parse().ok()).unwrap_or_default();
    let mut inputs: Vec<_> = lines
        .by_ref()
        .skip(1)
        .take(count)
        .map(|path| Input { path: path.into(), size: 0, edges: BTreeSet::new() })
        .collect();
    for line in lines {
        let mut words = line.split(' ');
        let kind = words.next();
        let mut numbers = words.filter_map(|word| word.parse::<u32>().ok());
        let index = numbers.next().and_then(|index| usize::try_from(index).ok());
        let Some(input) = index.and_then(|index| inputs.get_mut(index)) else { continue };
        match kind {
            Some("STARTED") => {
                let size = numbers.next().and_then(|size| usize::try_from(size).ok());
                input.size = size.unwrap_or(usize::MAX);
            }
            Some("COV") => input.edges.extend(numbers),
            _ => {}
        }
    }
    inputs
}

/// Always the one that adds most, until the next would add next to nothing.
fn choose(mut inputs: Vec<Input>) -> Vec<PathBuf> {
    let mut chosen = Vec::new();
    while chosen.len() < MAXIMUM_INPUTS {
        let best = inputs
            .iter()
            .enumerate()
            .max_by_key(|(_, input)| (input.edges.len(), usize::MAX - input.size));
        let Some((index, _)) = best.filter(|(_, input)| !input.edges.is_empty()) else { break };
        let best = inputs.swap_remove(index);
        for input in &mut inputs {
            input.edges.retain(|edge| !best.edges.contains(edge));
        }
        chosen.push(best.path);
    }
    chosen
}

/// Each file is named by its content, so that two inputs of one name are one.
fn replace(folder: &Path, chosen: &[PathBuf]) -> Result<(), Failure> {
    let fresh = folder.with_extension("new");
    fs::create_dir_all(&fresh).map_err(Failure::file("create", &fresh))?;
    for path in chosen {
        let name = path.file_name().unwrap_or_default();
        fs::copy(path, fresh.join(name)).map_err(Failure::file("copy", path))?;
    }
    fs::remove_dir_all(folder).map_err(Failure::file("remove", folder))?;
    fs::rename(&fresh, folder).map_err(Failure::file("replace", folder))
}

/// Of one target.
const MAXIMUM_INPUTS: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_the_inputs_that_add_most() {
        let control = "3\n0\n/a\n/b\n/c\nSTARTED 0 9\nFT 0 7\nCOV 0 1 2 3\nSTARTED 1 5\nFT 1\n\
                       COV 1 2 3\nSTARTED 2 5\nCOV 2 3 4\n";
        assert_eq!(choose(read(control)), [Path::new("/a"), Path::new("/c")]);
    }
}
