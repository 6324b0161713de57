//! `cargo xtask test`: what CI runs.

mod tally;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::Failure;
use crate::artifacts::{self, Network};
use crate::run::{cannot_start, cargo, run, say, works};
use crate::{demo, envoy, paths, targets};
use tally::Tally;

/// Builds, checks and tests everything. A failed step does not hide the later ones; only a failed build ends it.
pub(crate) fn run_all() -> Result<(), Failure> {
    artifacts::build(Network::Allowed)?;
    let mut failed = Vec::new();
    for step in STEPS {
        say(step.name);
        if (step.run)().is_err() {
            failed.push(step.name);
        }
    }
    say("tests of the workspace");
    let tally = run_tests()?;
    report(&tally, &failed)
}

struct Step {
    name: &'static str,
    run: fn() -> Result<(), Failure>,
}

const STEPS: [Step; 5] = [
    Step { name: "formatting (cargo fmt --check)", run: check_format },
    Step { name: "lints (cargo clippy --workspace --all-targets)", run: check_lints },
    Step { name: "the core without a standard library (wasm32v1-none)", run: check_no_std },
    Step { name: "licences and sources (cargo deny)", run: check_dependencies },
    Step { name: "the demo (cargo xtask demo --check)", run: check_demo },
];

fn check_format() -> Result<(), Failure> {
    run(cargo(&["fmt", "--all", "--check"]), "the check of the formatting")
}

fn check_lints() -> Result<(), Failure> {
    let clippy = ["clippy", "--locked", "--workspace", "--all-targets", "--quiet"];
    run(cargo(&[&clippy[..], &["--", "-D", "warnings"]].concat()), "clippy")
}

fn check_no_std() -> Result<(), Failure> {
    targets::ensure(targets::NO_STD)?;
    let mut command = cargo(&["build", "--locked", "--quiet", "--package"]);
    command.args(["edgelatch-test-no-std", "--target", targets::NO_STD]);
    run(command, "the build without a standard library")
}

fn check_dependencies() -> Result<(), Failure> {
    if !works(cargo(&["deny", "--version"])) {
        say("  left out: cargo-deny is not installed (`cargo install --locked cargo-deny`)");
        return Ok(());
    }
    // Advisories come from a database on the network: they are a job for whoever updates dependencies.
    run(cargo(&["deny", "check", "bans", "licenses", "sources"]), "cargo deny")
}

fn check_demo() -> Result<(), Failure> {
    run(demo::program(demo::Mode::Check)?, "the demo")
}

/// Runs the tests, shows their output as it comes and counts.
fn run_tests() -> Result<Tally, Failure> {
    let mut command = test_command()?;
    command.stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| cannot_start(&command, error))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        // The tests of a dependency-free line reader: bytes, since a test may print anything.
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

fn test_command() -> Result<Command, Failure> {
    let mut clock = cargo(&["build", "--locked", "--quiet", "--package", "edgelatch-test-clock"]);
    clock.arg("--lib");
    run(clock, "the build of the test clock")?;
    let mut command = cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]);
    command.args(["--", "--show-output"]);
    command.env("EDGELATCH_BIN", paths::program());
    command.env("EDGELATCH_ENVOY_FILTER", paths::filter());
    command.env("EDGELATCH_ENVOY", envoy::ensure()?);
    command.env("EDGELATCH_TEST_CLOCK", paths::test_clock());
    Ok(command)
}

/// The last lines; a failed step counts as a failed test.
fn report(tally: &Tally, failed_steps: &[&str]) -> Result<(), Failure> {
    for name in failed_steps {
        say(&format!("failed: {name}"));
    }
    let mut out = std::io::stdout();
    for line in &tally.corpus {
        let _ = writeln!(out, "{line}");
    }
    let failed = tally.failed + failed_steps.len();
    let _ = writeln!(out, "{} passed, {failed} failed", tally.passed);
    if failed == 0 { Ok(()) } else { Err(Failure::step("the test run")) }
}
