//! `cargo xtask test`: what CI runs.

mod cargo_test;
mod steps;
mod tally;

use std::io::Write;

use crate::Failure;
use crate::artifacts::{self, Network};
use crate::run::say;
use crate::{chromium, coverage, fuzz, www};
use tally::Tally;

/// Builds, checks and tests everything. A failed step does not hide the later ones; only a failed build ends it.
pub(crate) fn run_all() -> Result<(), Failure> {
    // Before the long way to where it is needed.
    chromium::find()?;
    www::ensure_tools(www::Tools::All, Network::Allowed)?;
    artifacts::build(Network::Allowed)?;
    let mut failed = Vec::new();
    steps::run_each(&steps::BEFORE_TESTS, &mut failed);
    say("the tests of the workspace (cargo test --workspace)");
    let mut tally = cargo_test::run_and_count()?;
    for (name, run) in COUNTED {
        say(name);
        if let Err(failure) = run(&mut tally.counts) {
            say(&failure.to_string());
            failed.push(name);
        }
    }
    steps::run_each(&steps::AFTER_TESTS, &mut failed);
    report(&tally, &failed)
}

/// The last lines; a failed step counts as a failed test.
fn report(tally: &Tally, failed_steps: &[&str]) -> Result<(), Failure> {
    for name in failed_steps {
        say(&format!("failed: {name}"));
    }
    let mut out = std::io::stdout();
    for line in &tally.counts {
        let _ = writeln!(out, "{line}");
    }
    let failed = tally.failed + failed_steps.len();
    let _ = writeln!(out, "{} passed, {failed} failed", tally.passed);
    if failed == 0 { Ok(()) } else { Err(Failure::step("the test run")) }
}

/// A step that counts; its lines are shown at the end.
type CountedStep = (&'static str, fn(&mut Vec<String>) -> Result<(), Failure>);

const COUNTED: [CountedStep; 2] = [
    ("the fuzz targets for a few seconds each (cargo xtask fuzz)", fuzz::run_briefly),
    ("the coverage of the core (cargo xtask coverage)", coverage::check),
];
