//! The tools of `www/package.json`: compiler, bundler, and the runtimes of the tests.

use crate::Failure;
use crate::artifacts::Network;
use crate::run::command;
use crate::{npm, paths};

use super::stamp::Step;

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tools {
    /// What compiles and bundles.
    Building,
    /// The runtimes and checkers of the tests as well.
    All,
}

/// Fetches them into `www/node_modules` if they are not there as the lock file says.
pub(crate) fn ensure(tools: Tools, network: Network) -> Result<(), Failure> {
    let www = paths::www();
    let inputs = [www.join("package.json"), www.join("package-lock.json")];
    let outputs = [www.join("node_modules/.package-lock.json")];
    // One stamp for both, since they are in one folder.
    let step =
        |what, settings| Step { name: "tools", what, inputs: &inputs, settings, outputs: &outputs };
    let all = step("fetching all tools for JavaScript (170 MiB) into www/node_modules", "all");
    let some = step("fetching the tools for JavaScript (20 MiB) into www/node_modules", "building");
    let install = |arguments| npm::ci(&www, arguments, "the tools for JavaScript", network);
    match tools {
        Tools::All => all.run(|| install(&[])),
        Tools::Building if all.is_done()? => Ok(()),
        Tools::Building => some.run(|| install(&["--omit=dev"])),
    }
}

/// A command that runs a script of a package, such as `esbuild/bin/esbuild`.
pub(crate) fn script(path: &str) -> std::process::Command {
    let mut node = command("node");
    node.arg(paths::www().join("node_modules").join(path));
    node
}
