//! One `init` at a time per folder.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::Error;

/// Locks the folder itself for as long as the result lives: no lock file stays behind, and the
/// lock of a process that died is gone with it.
pub(super) fn lock(folder: &Path) -> Result<File, Error> {
    let opened = File::open(folder).map_err(|error| Error::unwritable(folder, &error))?;
    match opened.try_lock() {
        Ok(()) => Ok(opened),
        Err(TryLockError::WouldBlock) => Err(Error::Busy(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(Error::unwritable(folder, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = lock(folder.path()).unwrap();
        assert!(matches!(lock(folder.path()), Err(Error::Busy(_))));
        drop(first);
        assert!(lock(folder.path()).is_ok());
    }
}
