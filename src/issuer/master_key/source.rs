//! Where the master key comes from: the environment first, then a file.

use core::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::MasterKey;
use crate::private_file;

/// The environment variable that wins over the file.
pub const MASTER_KEY_VARIABLE: &str = "EDGELATCH_MASTER_KEY";

/// Why there is no usable master key.
#[derive(Debug)]
pub enum MasterKeyError {
    /// Users other than the owner and the group may read the file.
    Exposed(PathBuf),
    /// The text is not 32 bytes in base64url; the place is a path or the variable.
    Malformed(String),
    /// Neither variable nor file.
    Missing(PathBuf),
    /// The operating system gave no randomness for a new key.
    Random,
    /// The file could not be read.
    Unreadable(PathBuf, io::Error),
    /// The file could not be written.
    Unwritable(PathBuf, io::Error),
}

impl fmt::Display for MasterKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exposed(path) => write!(
                formatter,
                "master key file can be read by everyone: {path}; run 'chmod 600 {path}'",
                path = path.display()
            ),
            Self::Malformed(place) => write!(
                formatter,
                "master key is not 32 bytes in base64url: {place}; restore the one that \
                 'edgelatch init' made, or for a new issuer take the output of \
                 'openssl rand -base64 32 | tr -d = | tr +/ -_'"
            ),
            Self::Missing(path) => write!(
                formatter,
                "master key is missing: {}; restore the file or set {MASTER_KEY_VARIABLE}",
                path.display()
            ),
            Self::Random => write!(formatter, "{}", crate::random::RandomError),
            Self::Unreadable(path, error) => write!(
                formatter,
                "cannot read the master key: {} ({error}); check owner and mode of the file",
                path.display()
            ),
            Self::Unwritable(path, error) => write!(
                formatter,
                "cannot write the master key: {} ({error}); choose another place with \
                 --master-key-file",
                path.display()
            ),
        }
    }
}

impl core::error::Error for MasterKeyError {}

/// The master key of an existing issuer: from `variable` when it is set, else from `file`.
pub(crate) fn load(variable: Option<&str>, file: &Path) -> Result<MasterKey, MasterKeyError> {
    let Some(text) = variable else { return read(file) };
    parse(text, format!("environment {MASTER_KEY_VARIABLE}"))
}

/// A new master key in a new file that only its owner can read.
pub(crate) fn create(file: &Path) -> Result<MasterKey, MasterKeyError> {
    let key =
        MasterKey::generate(file.display().to_string()).map_err(|_| MasterKeyError::Random)?;
    let text = Zeroizing::new(format!("{}\n", key.to_text().as_str()));
    private_file::create(file, &text)
        .map_err(|error| MasterKeyError::Unwritable(file.to_owned(), error))?;
    Ok(key)
}

fn read(file: &Path) -> Result<MasterKey, MasterKeyError> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => MasterKeyError::Missing(file.to_owned()),
        _ => MasterKeyError::Unreadable(file.to_owned(), error),
    };
    // The mode of what was opened, not of what the path names a moment later.
    let mut opened = File::open(file).map_err(unreadable)?;
    let mode = opened.metadata().map_err(unreadable)?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(MasterKeyError::Exposed(file.to_owned()));
    }
    let mut text = Zeroizing::new(String::with_capacity(64));
    opened.read_to_string(&mut text).map_err(unreadable)?;
    parse(&text, file.display().to_string())
}

fn parse(text: &str, place: String) -> Result<MasterKey, MasterKeyError> {
    MasterKey::parse(text, place.clone()).ok_or(MasterKeyError::Malformed(place))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn makes_a_file_that_only_its_owner_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        let made = create(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(load(None, &file).unwrap().check_value(), made.check_value());
        assert!(matches!(create(&file), Err(MasterKeyError::Unwritable(..))), "never overwritten");
    }

    #[test]
    fn refuses_a_file_that_everyone_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        create(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load(None, &file), Err(MasterKeyError::Exposed(_))));
    }

    #[test]
    fn prefers_the_environment() {
        assert!(load(Some(&"A".repeat(43)), Path::new("/nowhere")).is_ok());
    }

    #[test]
    fn never_repeats_a_malformed_key_in_its_message() {
        let Err(error) = load(Some("hunter2"), Path::new("/nowhere")) else { panic!("accepted") };
        assert!(!error.to_string().contains("hunter2"));
    }
}
