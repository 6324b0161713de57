//! What became of the mutants, and which survivors are known.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::paths;

/// What a run said about each mutant. Names are those of `cargo mutants`, with their position.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Results {
    caught: Vec<String>,
    /// A mutant that hangs is noticed, too.
    timeouts: Vec<String>,
    /// It does not compile.
    unviable: usize,
    pub(crate) missed: Vec<String>,
}

impl Results {
    pub(crate) fn total(&self) -> usize {
        self.caught.len() + self.timeouts.len() + self.unviable + self.missed.len()
    }

    /// Without line numbers.
    pub(crate) fn names_of_missed(&self) -> BTreeSet<String> {
        self.missed.iter().map(|line| without_position(line)).collect()
    }

    /// The result after a second run over what the first one missed. The second may say something about others, too.
    pub(crate) fn followed_by(mut self, second: &Self) -> Self {
        let is_noticed =
            |name: &mut String| second.caught.contains(name) || second.timeouts.contains(name);
        self.caught.extend(self.missed.extract_if(.., is_noticed));
        self
    }

    /// `mutants: key 73, of which 60 caught, 0 timed out, 13 did not compile, 0 survived`
    pub(crate) fn summary(&self, area: &str) -> String {
        format!(
            "mutants: {area} {}, of which {} caught, {} timed out, {} did not compile, {} survived",
            self.total(),
            self.caught.len(),
            self.timeouts.len(),
            self.unviable,
            self.missed.len()
        )
    }
}

/// Reads the folder that `cargo mutants` leaves.
pub(crate) fn read(folder: &Path) -> Result<Results, Failure> {
    let lines = |name: &str| {
        let path = folder.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect::<Vec<_>>()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(Failure::file("read", &path)(error)),
        }
    };
    Ok(Results {
        caught: lines("caught.txt")?,
        timeouts: lines("timeout.txt")?,
        unviable: lines("unviable.txt")?.len(),
        missed: lines("missed.txt")?,
    })
}

/// The committed list of survivors.
pub(crate) fn known() -> Result<BTreeSet<String>, Failure> {
    let path = list();
    let text = fs::read_to_string(&path).map_err(Failure::file("read", &path))?;
    Ok(names(&text).map(str::to_owned).collect())
}

fn list() -> PathBuf {
    paths::root().join("tests/mutants.txt")
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The name as a regular expression that matches nothing else.
pub(crate) fn escape(name: &str) -> String {
    let escaped = name.chars().flat_map(|letter| {
        let escape = r"\.+*?()|[]{}^$".contains(letter).then_some('\\');
        escape.into_iter().chain([letter])
    });
    escaped.collect()
}

/// `src/core/time.rs:20:9: replace ..` without the numbers, which change with every line above.
fn without_position(line: &str) -> String {
    let mut parts = line.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(mutation)) => format!("{file}:{mutation}"),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::area::Area;
    use super::*;

    #[test]
    fn names_a_mutant_without_its_position() {
        assert_eq!(
            without_position("src/core/a.rs:20:9: replace A::b -> u8 with 0"),
            "src/core/a.rs: replace A::b -> u8 with 0"
        );
    }

    #[test]
    fn chooses_a_mutant_by_all_of_its_name() {
        assert_eq!(
            escape("a_b.rs:1:2: replace -> u8 with (0)"),
            r"a_b\.rs:1:2: replace -> u8 with \(0\)"
        );
    }

    #[test]
    fn adds_up_two_runs() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let first = Results {
            caught: names(&["a"]),
            unviable: 1,
            missed: names(&["b", "c", "d"]),
            ..Results::default()
        };
        let second = Results {
            caught: names(&["b", "x"]),
            timeouts: names(&["c"]),
            missed: names(&["d", "y"]),
            ..Results::default()
        };
        let both = first.followed_by(&second);
        assert_eq!(both.missed, ["d"]);
        assert_eq!(
            both.summary("key"),
            "mutants: key 5, of which 3 caught, 0 timed out, 1 did not compile, 1 survived"
        );
    }

    #[test]
    fn the_list_names_survivors_of_files_that_exist_and_none_where_none_may_be() {
        let text = fs::read_to_string(list()).unwrap();
        let names: Vec<&str> = names(&text).collect();
        assert!(names.is_sorted(), "tests/mutants.txt is not sorted");
        for name in names {
            let (file, mutation) = name.split_once(": ").unwrap_or((name, ""));
            assert!(paths::root().join(file).is_file(), "{name}: no such file");
            assert!(
                ["replace ", "delete "].iter().any(|verb| mutation.starts_with(verb)),
                "{name}"
            );
            let strict = Area::WITHOUT_SURVIVOR.iter().find(|area| area.holds(file));
            assert_eq!(strict, None, "{name}");
        }
    }

    #[test]
    fn every_file_is_in_one_area() {
        for file in ["src/core/keys.rs", "src/core/policy/path.rs", "src/signatures/rsa.rs"] {
            let areas = [Area::Key, Area::Policy, Area::Software, Area::Others];
            assert_eq!(areas.iter().filter(|area| area.holds(file)).count(), 1, "{file}");
        }
        assert!(Area::Others.holds("src/core/engine/select.rs"));
    }
}
