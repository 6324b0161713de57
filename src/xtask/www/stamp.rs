//! Steps that are skipped while nothing they are made of has changed.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Failure;
use crate::paths;
use crate::run::say;

/// One step of the build.
pub(crate) struct Step<'a> {
    /// Names its stamp.
    pub(crate) name: &'a str,
    /// Shown when it is carried out.
    pub(crate) what: &'a str,
    /// Files and folders that the result depends on.
    pub(crate) inputs: &'a [PathBuf],
    /// Everything else that it depends on.
    pub(crate) settings: &'a str,
    /// What has to be there afterwards.
    pub(crate) outputs: &'a [PathBuf],
}

impl Step<'_> {
    /// Carries the step out unless that was done before with the same inputs, and its outputs are there.
    pub(crate) fn run(&self, act: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        if self.is_done()? {
            return Ok(());
        }
        say(self.what);
        // Half a result must not be taken for a whole one the next time.
        write(&self.stamp(), "")?;
        act()?;
        write(&self.stamp(), &self.state()?)
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_done(&self) -> Result<bool, Failure> {
        let is_there = self.outputs.iter().all(|output| output.exists());
        let state = self.state()?;
        Ok(is_there && fs::read_to_string(self.stamp()).is_ok_and(|known| known == state))
    }

    fn stamp(&self) -> PathBuf {
        paths::target().join("www").join(self.name).with_extension("stamp")
    }

    fn state(&self) -> Result<String, Failure> {
        let mut digest = Sha256::new();
        digest.update(self.settings);
        for input in self.inputs {
            for file in files(input)? {
                let content = fs::read(&file).map_err(Failure::file("read", &file))?;
                digest.update(file.as_os_str().as_encoded_bytes());
                digest.update(Sha256::digest(content));
            }
        }
        Ok(format!("{:x}", digest.finalize()))
    }
}

/// Writes a file, and the folder around it if need be.
pub(crate) fn write(path: &Path, content: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(Failure::file("create", folder))?;
    fs::write(path, content).map_err(Failure::file("write", path))
}

/// The file itself, or all files in the folder, in a fixed order.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let failure = || Failure::file("read", path);
    let entries = fs::read_dir(path).map_err(failure())?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failure())?;
    paths.sort();
    Ok(paths.iter().map(|path| files(path)).collect::<Result<Vec<_>, _>>()?.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_changes_with_a_file_its_name_and_the_settings() {
        let folder = std::env::temp_dir().join(format!("edgelatch-stamp-{}", std::process::id()));
        let state = |settings: &str| {
            let inputs = [folder.clone()];
            let step = Step { name: "x", what: "x", inputs: &inputs, settings, outputs: &[] };
            step.state().unwrap()
        };
        write(&folder.join("a/b"), "one").unwrap();
        let first = state("");
        assert_eq!(state(""), first);
        assert_ne!(state("-O3"), first);
        write(&folder.join("a/b"), "two").unwrap();
        let second = state("");
        assert_ne!(second, first);
        fs::rename(folder.join("a/b"), folder.join("a/c")).unwrap();
        assert_ne!(state(""), second);
        fs::remove_dir_all(&folder).unwrap();
    }
}
