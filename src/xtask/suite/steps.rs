//! What is checked beside the tests.

use crate::Failure;
use crate::run::{cargo, run, say};
use crate::{demo, targets};

/// One check.
pub(crate) struct Step {
    name: &'static str,
    run: fn() -> Result<(), Failure>,
}

pub(crate) const BEFORE_TESTS: [Step; 3] = [
    Step { name: "formatting (cargo fmt --check)", run: check_format },
    Step { name: "lints (cargo clippy --workspace --all-targets)", run: check_lints },
    Step { name: "the core without a standard library (wasm32v1-none)", run: check_no_std },
];

/// The demos come last, since the tests have built them by then.
pub(crate) const AFTER_TESTS: [Step; 2] = [
    Step { name: "the demo (cargo xtask demo --check)", run: check_demo },
    Step {
        name: "the demo on Workers (cargo xtask demo --worker --check)",
        run: check_worker_demo,
    },
];

/// Runs steps in order and adds the names of those that failed.
pub(crate) fn run_each(steps: &[Step], failed: &mut Vec<&'static str>) {
    for step in steps {
        say(step.name);
        if let Err(failure) = (step.run)() {
            say(&failure.to_string());
            failed.push(step.name);
        }
    }
}

fn check_format() -> Result<(), Failure> {
    run(cargo(&["fmt", "--all", "--check"]), "the check of the formatting")
}

fn check_lints() -> Result<(), Failure> {
    let mut clippy = cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--quiet"]);
    clippy.args(["--", "-D", "warnings"]);
    run(clippy, "clippy")
}

fn check_no_std() -> Result<(), Failure> {
    targets::ensure(targets::NO_STD)?;
    let mut command = cargo(&["build", "--locked", "--quiet", "--package"]);
    command.args(["edgelatch-test-no-std", "--target", targets::NO_STD]);
    run(command, "the build without a standard library")
}

fn check_demo() -> Result<(), Failure> {
    run(demo::built(demo::Stage::Envoy, demo::Mode::Check)?, "the demo")
}

fn check_worker_demo() -> Result<(), Failure> {
    run(demo::built(demo::Stage::Worker, demo::Mode::Check)?, "the demo on Workers")
}
