//! `cargo xtask demo`: everything real, on loopback.

use std::process::Command;

use crate::Failure;
use crate::artifacts::{self, Network};
use crate::run::{cargo, command, run};
use crate::{envoy, paths, www};

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

/// Where the requests are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Envoy,
    Worker,
}

impl Stage {
    pub(crate) fn from_flag(worker: bool) -> Self {
        if worker { Self::Worker } else { Self::Envoy }
    }

    fn program(self) -> &'static str {
        match self {
            Self::Envoy => "edgelatch-demo",
            Self::Worker => "edgelatch-worker-demo",
        }
    }
}

/// Builds, fetches Envoy if it is needed, and plays the demo.
pub(crate) fn play(stage: Stage, mode: Mode) -> Result<(), Failure> {
    if stage == Stage::Worker {
        www::ensure_tools(www::Tools::All, Network::Allowed)?;
    }
    artifacts::build(Network::Allowed)?;
    let demo = ["--package", "edgelatch-tests", "--bin", stage.program()];
    run(cargo(&[&["build", "--locked"], &demo[..]].concat()), "the build of the demo")?;
    run(built(stage, mode)?, "the demo")
}

/// The demo as a command, once it and the artefacts are built.
pub(crate) fn built(stage: Stage, mode: Mode) -> Result<Command, Failure> {
    let mut demo = command(paths::debug(stage.program()));
    if mode == Mode::Check {
        demo.arg("--check");
    }
    match stage {
        Stage::Envoy => name_artifacts(&mut demo)?,
        Stage::Worker => name_built(&mut demo),
    }
    Ok(demo)
}

/// Tells a program where the artefacts and Envoy are.
pub(crate) fn name_artifacts(command: &mut Command) -> Result<(), Failure> {
    name_built(command);
    command.env("EDGELATCH_ENVOY", envoy::ensure()?);
    Ok(())
}

fn name_built(command: &mut Command) {
    command.env("EDGELATCH_BIN", paths::program());
    command.env("EDGELATCH_ENVOY_FILTER", paths::filter());
    command.env("EDGELATCH_ENVOY_IMAGE", paths::image());
    command.env("EDGELATCH_NPM_PACKAGE", paths::package());
    command.env("EDGELATCH_WORKER", paths::dist().join("worker"));
    command.env("EDGELATCH_PLAYGROUND", paths::dist().join("playground"));
}
