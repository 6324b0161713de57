//! Programs from crates.io that some commands need. They are installed once, beside the fetched Envoy.

use std::path::PathBuf;

use crate::Failure;
use crate::paths;
use crate::run::{cargo, run, say};

/// A program, and the package at the version that brings it.
pub(crate) struct Tool {
    pub(crate) program: &'static str,
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
}

impl Tool {
    /// The path of the program, installed if need be. Each version has its folder.
    pub(crate) fn ensure(&self) -> Result<PathBuf, Failure> {
        let (package, version) = (self.package, self.version);
        let folder = paths::cache().join(format!("{package}-{version}"));
        let path = folder.join("bin").join(self.program);
        if path.is_file() {
            return Ok(path);
        }
        say(&format!("installing {package} {version} into {} (once)", folder.display()));
        // What these programs start takes longer than they do themselves, so that optimising them would not pay.
        let mut install = cargo(&["install", "--locked", "--quiet", "--debug", package]);
        install.args(["--version", version, "--root"]).arg(&folder);
        // Where this project builds is nothing to others.
        install.env_remove("CARGO_TARGET_DIR");
        run(install, &format!("`cargo install {package}`"))?;
        Ok(path)
    }
}
