//! `cargo xtask differences`: `envoy/DIFFERENCES.md` from the verdicts of a real Envoy.

use crate::Failure;
use crate::artifacts::{self, Network};
use crate::run::{cargo, command, run};
use crate::{demo, paths};

/// Builds the filter, plays the requests and writes the document.
pub(crate) fn write() -> Result<(), Failure> {
    artifacts::build(Network::Allowed)?;
    let clock = cargo(&["build", "--locked", "--quiet", "--package", "edgelatch-test-clock"]);
    run(clock, "the build of the test clock")?;
    let program = ["--package", "edgelatch-tests", "--bin", "edgelatch-differences"];
    run(cargo(&[&["build", "--locked"], &program[..]].concat()), "the build of the comparison")?;
    let mut differences = command(paths::debug("edgelatch-differences"));
    differences.env("EDGELATCH_TEST_CLOCK", paths::test_clock());
    demo::name_artifacts(&mut differences)?;
    run(differences, "the comparison")
}
