//! `cargo xtask bench`.

use clap::ValueEnum;

use crate::Failure;
use crate::run::{cargo, run};

/// What can be measured.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Subject {
    /// The decision: parse, verify per algorithm, whole request, beside a peer.
    Core,
}

/// Runs one benchmark.
pub(crate) fn run_subject(subject: Subject) -> Result<(), Failure> {
    let name = match subject {
        Subject::Core => "core",
    };
    let command = cargo(&["bench", "--locked", "--package", "edgelatch-tests", "--bench", name]);
    run(command, "the benchmark")
}
