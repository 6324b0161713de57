//! Where figures are left for programs.

use std::fs;
use std::path::PathBuf;

use edgelatch_tests::lab::repository;
use serde_json::Value;

use super::Failure;

/// Writes `target/bench/<name>.json` and returns its path.
pub(crate) fn write(name: &str, report: &Value) -> Result<PathBuf, Failure> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let folder = repository().join(target).join("bench");
    fs::create_dir_all(&folder)?;
    let file = folder.join(name).with_extension("json");
    fs::write(&file, serde_json::to_string_pretty(report)?)?;
    Ok(file)
}
