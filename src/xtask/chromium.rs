//! The Chromium of the tests: `CHROMIUM=/path`, or the one of the system.

use std::env;
use std::path::PathBuf;

use crate::Failure;
use crate::paths;

/// The path of the browser.
pub(crate) fn find() -> Result<PathBuf, Failure> {
    if let Some(path) = env::var_os("CHROMIUM") {
        let path = paths::root().join(path);
        return if path.is_file() {
            Ok(path)
        } else {
            Err(Failure::NotAFile { variable: "CHROMIUM", path })
        };
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    let in_path = |name: &str| {
        env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
    };
    NAMES.iter().find_map(|name| in_path(name)).ok_or(Failure::Missing {
        program: "chromium",
        needed_for: "to test in a browser",
        install: "`apt install chromium` or `brew install chromium`, or set CHROMIUM=/path/to/chromium",
    })
}

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
