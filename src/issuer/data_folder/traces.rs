//! What an attempt made, so that a failed one removes that and nothing else.

use std::fs;
use std::path::PathBuf;

/// Files that this very attempt created. Removes them when dropped, unless the attempt is kept.
#[derive(Debug, Default)]
pub(super) struct Traces(Vec<PathBuf>);

impl Traces {
    /// Notes a file whose exclusive creation has just succeeded, or that follows from such a one.
    pub(super) fn add(&mut self, file: PathBuf) {
        self.0.push(file);
    }

    /// The attempt has succeeded: everything stays.
    pub(super) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        for file in &self.0 {
            // Some of them, such as the write-ahead log, come and go.
            let _ = fs::remove_file(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_only_what_was_noted_and_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let file = folder.path().join(name);
            fs::write(&file, "").unwrap();
            file
        };
        let (ours, theirs, kept) = (file("ours"), file("theirs"), file("kept"));
        let mut traces = Traces::default();
        traces.add(ours.clone());
        drop(traces);
        let mut traces = Traces::default();
        traces.add(kept.clone());
        traces.keep();
        assert!(!ours.exists() && theirs.exists() && kept.exists());
    }
}
