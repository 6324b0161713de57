//! The runtimes, and how a job is run in each.

use std::process::Command;

use edgelatch_tests::lab;

use super::installed::Installed;
use super::programs::{answer, binary, bundle, modules};
use super::workerd;

/// A place where JavaScript runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Runtime {
    /// By the date that decides which behaviour it keeps.
    Workerd(&'static str),
    Node,
    Deno,
    Bun,
    Chromium,
}

impl Runtime {
    /// The output of the job for `input`; both are JSON.
    pub(crate) fn run(self, installed: &Installed, input: &str) -> String {
        match self {
            Self::Workerd(date) => workerd::run(installed, date, input),
            Self::Node => answer(in_folder(Command::new("node"), installed, &["stdin.js"]), input),
            Self::Deno => answer(deno(installed), input),
            Self::Bun => {
                let bun = Command::new(binary("@oven", "bin/bun"));
                answer(in_folder(bun, installed, &["run", "stdin.js"]), input)
            }
            Self::Chromium => answer(chromium(installed), input),
        }
    }
}

/// Without a single permission, and without asking for any.
fn deno(installed: &Installed) -> Command {
    let deno = Command::new(binary("@deno", "deno"));
    let mut deno = in_folder(deno, installed, &["run", "--no-prompt", "--no-remote", "stdin.js"]);
    deno.env("DENO_DIR", installed.path().join("deno")).env("DENO_NO_UPDATE_CHECK", "1");
    deno
}

fn chromium(installed: &Installed) -> Command {
    let page = bundle(installed.path(), "page.js", "bundled.js", &["--conditions=browser"]);
    let driver = lab::repository().join("tests/runtimes/hosts/chromium.mjs");
    let mut node = Command::new("node");
    node.arg(driver).arg(page).arg(modules());
    node
}

fn in_folder(mut command: Command, installed: &Installed, arguments: &[&str]) -> Command {
    command.current_dir(installed.path()).args(arguments);
    command
}
