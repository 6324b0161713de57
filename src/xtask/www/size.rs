//! What the package costs a Worker.

use std::process::Stdio;

use crate::Failure;
use crate::paths;
use crate::run::{cannot_start, command, say};

/// Says how large the core and the JavaScript around it are once compressed.
pub(crate) fn report() -> Result<(), Failure> {
    let mut node = command("node");
    node.arg(paths::www().join("size.mjs")).stderr(Stdio::inherit());
    let output = node.output().map_err(|error| cannot_start(&node, error))?;
    if !output.status.success() {
        return Err(Failure::step("measuring the package"));
    }
    say(String::from_utf8_lossy(&output.stdout).trim());
    Ok(())
}
