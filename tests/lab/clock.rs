//! The wall clock of an Envoy under test.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::LabError;

/// A file with the time, as the preloaded clock (`tests/clock`) reads it.
#[derive(Debug)]
pub struct Clock {
    path: PathBuf,
}

impl Clock {
    /// Creates the file; until the first `set` it means the real time.
    pub fn create(path: PathBuf) -> Result<Self, LabError> {
        fs::write(&path, [0; 8]).map_err(LabError::file("write", &path))?;
        Ok(Self { path })
    }

    /// Sets the time, in seconds since 1970. It holds still until it is set again.
    pub fn set(&self, unix_seconds: u64) -> Result<(), LabError> {
        self.set_nanoseconds(unix_seconds.saturating_mul(1_000_000_000))
    }

    /// Sets the time, in nanoseconds since 1970.
    pub fn set_nanoseconds(&self, unix_nanoseconds: u64) -> Result<(), LabError> {
        // One write of eight bytes in place: Envoy has the file mapped, a new file would not be seen.
        let file = OpenOptions::new().write(true).open(&self.path);
        file.and_then(|mut file| file.write_all(&unix_nanoseconds.to_le_bytes()))
            .map_err(LabError::file("write", &self.path))
    }

    /// The file, for `EDGELATCH_CLOCK_FILE`.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
