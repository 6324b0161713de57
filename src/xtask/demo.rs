//! `cargo xtask demo`: everything real, on loopback.

use std::process::Command;

use crate::Failure;
use crate::artifacts::{self, Network};
use crate::run::{cargo, run};
use crate::{envoy, paths};

/// What happens after the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The processes stay up to be tried by hand.
    Stay,
    /// The exit code says whether each row was as expected.
    Check,
}

impl Mode {
    pub(crate) fn from_flag(check: bool) -> Self {
        if check { Self::Check } else { Self::Stay }
    }
}

/// Builds, fetches Envoy and plays the demo.
pub(crate) fn play(mode: Mode) -> Result<(), Failure> {
    artifacts::build(Network::Allowed)?;
    run(program(mode)?, "the demo")
}

/// The demo as a command; the artefacts have to be there.
pub(crate) fn program(mode: Mode) -> Result<Command, Failure> {
    let mut command = cargo(&["run", "--quiet", "--locked", "--package", "edgelatch-tests"]);
    command.args(["--bin", "edgelatch-demo", "--"]);
    if mode == Mode::Check {
        command.arg("--check");
    }
    command.env("EDGELATCH_BIN", paths::program());
    command.env("EDGELATCH_ENVOY_FILTER", paths::filter());
    command.env("EDGELATCH_ENVOY", envoy::ensure()?);
    Ok(command)
}
