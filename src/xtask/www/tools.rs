//! The tools of `www/package.json`: compiler, bundler, and the runtimes of the tests.

use crate::Failure;
use crate::artifacts::Network;
use crate::run::command;
use crate::{npm, paths};

use super::stamp::Step;

/// Fetches them into `www/node_modules` when the lock file has changed.
pub(crate) fn ensure(network: Network) -> Result<(), Failure> {
    let www = paths::www();
    let step = Step {
        name: "tools",
        what: "fetching the tools for JavaScript (170 MiB) into www/node_modules",
        inputs: &[www.join("package.json"), www.join("package-lock.json")],
        settings: "",
        outputs: &[www.join("node_modules/.package-lock.json")],
    };
    step.run(|| npm::ci(&www, "the tools for JavaScript", network))
}

/// A command that runs a script of a package, such as `esbuild/bin/esbuild`.
pub(crate) fn script(path: &str) -> std::process::Command {
    let mut node = command("node");
    node.arg(paths::www().join("node_modules").join(path));
    node
}
