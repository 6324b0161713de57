//! `cargo xtask demo`: everything real, on loopback.

use std::process::Command;

use crate::Failure;
use crate::artifacts::{self, Network};
use crate::run::{cargo, command, run};
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
    let demo = ["--package", "edgelatch-tests", "--bin", "edgelatch-demo"];
    run(cargo(&[&["build", "--locked"], &demo[..]].concat()), "the build of the demo")?;
    run(built(mode)?, "the demo")
}

/// The demo as a command, once it and the artefacts are built.
pub(crate) fn built(mode: Mode) -> Result<Command, Failure> {
    let mut demo = command(paths::demo());
    if mode == Mode::Check {
        demo.arg("--check");
    }
    name_artifacts(&mut demo)?;
    Ok(demo)
}

/// Tells a program where the artefacts and Envoy are.
pub(crate) fn name_artifacts(command: &mut Command) -> Result<(), Failure> {
    command.env("EDGELATCH_BIN", paths::program());
    command.env("EDGELATCH_ENVOY_FILTER", paths::filter());
    command.env("EDGELATCH_ENVOY_IMAGE", paths::image());
    command.env("EDGELATCH_ENVOY", envoy::ensure()?);
    Ok(())
}
