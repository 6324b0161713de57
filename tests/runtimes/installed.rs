//! A program that depends on the package: a folder of its own, outside of the repository, with the tarball installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use edgelatch_tests::lab;
use tempfile::TempDir;

/// Stays until it is dropped.
pub(crate) struct Installed {
    folder: TempDir,
}

impl Installed {
    /// Installs the package, and puts `job` there: a module whose default export takes an input and returns an output.
    pub(crate) fn with_job(job: &str, parts: &[&str]) -> Self {
        let installed = Self::bare();
        installed.copy(job, "job.js");
        for part in parts {
            installed.copy(part, part);
        }
        for host in ["stdin.js", "workerd.js", "page.js"] {
            installed.copy(&format!("hosts/{host}"), host);
        }
        installed
    }

    /// Installs the package and nothing else.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("package.json"), MANIFEST).unwrap();
        let mut npm = Command::new("npm");
        npm.current_dir(folder.path()).args([
            "install",
            "--offline",
            "--silent",
            "--no-audit",
            "--no-fund",
        ]);
        npm.arg(tarball());
        lab::run(npm).unwrap();
        assert!(folder.path().join("node_modules/edgelatch/package.json").is_file());
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn copy(&self, source: &str, name: &str) {
        let source = lab::repository().join("tests/runtimes").join(source);
        fs::copy(&source, self.path().join(name)).unwrap();
    }
}

/// The package as it would go to the registry.
pub(crate) fn tarball() -> PathBuf {
    let package = lab::npm_package().unwrap();
    package.with_file_name(format!("edgelatch-{}.tgz", env!("CARGO_PKG_VERSION")))
}

const MANIFEST: &str = r#"{ "private": true, "type": "module" }"#;
