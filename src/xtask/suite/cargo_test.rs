//! `cargo test` over the workspace, watched and counted.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::Tally;
use crate::Failure;
use crate::run::{cannot_start, cargo, run};
use crate::{artifacts, chromium, demo, paths};

/// Runs the tests and shows their output as it comes.
pub(crate) fn run_and_count() -> Result<Tally, Failure> {
    let mut command = command()?;
    let mut child = command.spawn().map_err(|error| cannot_start(&command, error))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        // As bytes: a test may print anything.
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            if tally.read(&line) {
                let _ = writeln!(std::io::stdout(), "{line}");
            }
        }
    }
    let status = child.wait().map_err(|error| cannot_start(&command, error))?;
    if !status.success() && tally.failed == 0 {
        // It did not compile, or a suite died without a result line.
        tally.failed = 1;
    }
    Ok(tally)
}

fn command() -> Result<Command, Failure> {
    // A library that no test links, so `cargo test` would not build it.
    let clock = cargo(&["build", "--locked", "--quiet", "--package", "edgelatch-test-clock"]);
    run(clock, "the build of the test clock")?;
    artifacts::build_trapping_filter()?;
    artifacts::build_wasm_core()?;
    let mut command = cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]);
    command.args(["--", "--show-output"]).stdout(Stdio::piped());
    command.env("EDGELATCH_TEST_CLOCK", paths::test_clock());
    command.env("EDGELATCH_TRAPPING_FILTER", paths::trapping_filter());
    command.env("EDGELATCH_WASM_CORE", paths::wasm_core());
    command.env("EDGELATCH_CHROMIUM", chromium::find()?);
    demo::name_artifacts(&mut command)?;
    Ok(command)
}
