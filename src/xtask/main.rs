//! Developer commands, run as `cargo xtask <command>`.
//!
//! This crate only builds, fetches tools and starts things. It tells the programs that it starts by environment
//! variables where the artefacts are: `EDGELATCH_BIN`, `EDGELATCH_ENVOY_FILTER`, `EDGELATCH_ENVOY`,
//! `EDGELATCH_TEST_CLOCK` and `EDGELATCH_TRAPPING_FILTER`.

mod artifacts;
mod bench;
mod demo;
mod differences;
mod envoy;
mod failure;
mod fuzz;
mod paths;
mod run;
mod suite;
mod targets;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

/// Developer commands of Edgelatch.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build dist/edgelatch and dist/edgelatch-envoy.wasm.
    Build {
        /// Use only what is fetched already.
        #[arg(long)]
        offline: bool,
    },
    /// Start issuer, Envoy and an upstream, and play requests that are admitted and refused.
    Demo {
        /// Stop after the story; exit with 1 if a row is not as expected.
        #[arg(long)]
        check: bool,
    },
    /// Send hostile requests to this filter and to Envoy's own, and write envoy/DIFFERENCES.md.
    Differences,
    /// Look for inputs that break a promise of the core.
    Fuzz(fuzz::Options),
    /// Run everything that CI runs.
    Test,
    /// Run a benchmark.
    Bench {
        /// Which one.
        #[arg(value_enum)]
        subject: bench::Subject,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Build { offline } => artifacts::build(artifacts::Network::from_flag(offline)),
        Command::Demo { check } => demo::play(demo::Mode::from_flag(check)),
        Command::Differences => differences::write(),
        Command::Fuzz(options) => fuzz::run_all(&options),
        Command::Test => suite::run_all(),
        Command::Bench { subject } => bench::run_subject(subject),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            run::say(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}
