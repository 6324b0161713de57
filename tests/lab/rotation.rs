//! A new signing key for a running issuer. No command does this yet, so its database is told directly.

use std::path::Path;
use std::process::Command;

use super::{LabError, process, program};

/// Makes a key under the same master key, and lets it sign. The old one stays published.
///
/// A running issuer notices within a second.
pub fn rotate_signing_key(data: &Path, issuer: &str) -> Result<(), LabError> {
    let other = data.with_extension("next");
    let mut init = Command::new(program()?);
    init.args(["init", "--issuer", issuer, "--data"]).arg(&other);
    init.arg("--master-key-file").arg(data.join("master.key"));
    process::run(init)?;
    let mut python = Command::new("python3");
    python.args(["-c", TAKE_OVER]).arg(data).arg(&other);
    process::run(python)?;
    Ok(())
}

/// The sealed key moves with its name, to which it is bound; the index allows one active key at a time.
const TAKE_OVER: &str = r#"
import pathlib, sqlite3, sys
ours, other = (str(pathlib.Path(folder) / "edgelatch.db") for folder in sys.argv[1:])
with sqlite3.connect(ours, timeout=10) as database:
    database.execute("ATTACH ? AS other", (other,))
    database.execute("UPDATE signing_key SET state = 'retired', retired_at = unixepoch() WHERE state = 'active'")
    database.execute("INSERT INTO signing_key SELECT * FROM other.signing_key WHERE state = 'active'")
"#;
