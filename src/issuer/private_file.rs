//! Files that only their owner may read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes a new file and makes sure it is on disk. Leaves nothing behind when that fails, and never
/// touches a file that was there before.
pub(crate) fn create(file: &Path, text: &str) -> io::Result<()> {
    let mut opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    let written = opened.write_all(text.as_bytes()).and_then(|()| opened.sync_all());
    if written.is_err() {
        // Half a file would be taken for a whole one by the next attempt.
        let _ = fs::remove_file(file);
    }
    written
}
