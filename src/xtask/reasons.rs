//! `cargo xtask reasons`: `www/package/reasons.ts` from the table of the core.

use std::fs;

use crate::Failure;
use crate::paths;
use crate::run::{cannot_start, cargo};

/// Writes the file; a test compares it.
pub(crate) fn write() -> Result<(), Failure> {
    let program = ["run", "--locked", "--quiet", "--package", "edgelatch-tests"];
    let mut print = cargo(&[&program[..], &["--bin", "edgelatch-reasons"]].concat());
    let output = print.output().map_err(|error| cannot_start(&print, error))?;
    if !output.status.success() {
        return Err(Failure::step("printing the reasons"));
    }
    let place = paths::www().join("package/reasons.ts");
    fs::write(&place, output.stdout).map_err(Failure::file("write", &place))
}
