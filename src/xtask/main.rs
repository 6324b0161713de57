//! Developer commands, run as `cargo xtask <command>`.
//!
//! This crate only builds, fetches tools and starts things. It tells the programs that it starts by environment
//! variables where the artefacts are: `EDGELATCH_BIN`, `EDGELATCH_ENVOY_FILTER`, `EDGELATCH_ENVOY_IMAGE`,
//! `EDGELATCH_ENVOY`, `EDGELATCH_TEST_CLOCK`, `EDGELATCH_TRAPPING_FILTER`, `EDGELATCH_EMPTY_FILTER`,
//! `EDGELATCH_WASM_CORE`, `EDGELATCH_PLAIN_P256`, `EDGELATCH_NPM_PACKAGE`, `EDGELATCH_WORKER`, `EDGELATCH_PLAYGROUND` and `EDGELATCH_CHROMIUM`.

mod artifacts;
mod bench;
mod binaryen;
mod chromium;
mod coverage;
mod demo;
mod differences;
mod entries;
mod envoy;
mod failure;
mod fuzz;
mod image;
mod mutants;
mod npm;
mod paths;
mod reasons;
mod run;
mod shrink;
mod suite;
mod targets;
mod tools;
mod www;

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
    /// Build dist: the program, the Envoy filter and its image, the npm package, the Worker and the playground.
    Build {
        /// Use only what is fetched already.
        #[arg(long)]
        offline: bool,
    },
    /// Build only the JavaScript side: dist/npm, dist/worker and dist/playground; `build` does it too.
    Www,
    /// Pack dist/edgelatch-envoy.wasm into the image layout dist/edgelatch-envoy.oci; `build` does it too.
    Package,
    /// Start issuer, Envoy and an upstream, and play requests that are admitted and refused.
    Demo {
        /// The same on Workers, in workerd; then a new key, an outage and a revocation.
        #[arg(long)]
        worker: bool,
        /// Stop after the story; exit with 1 if a row is not as expected.
        #[arg(long)]
        check: bool,
    },
    /// Send hostile requests to this filter and to Envoy's own, and write envoy/DIFFERENCES.md.
    Differences,
    /// Write www/package/reasons.ts from the reasons of the core.
    Reasons,
    /// Measure how many lines of the core its unit tests reach, and name the others.
    Coverage,
    /// Look for inputs that break a promise of the core.
    Fuzz(fuzz::Options),
    /// Put one mistake at a time into the core, and see whether a test notices.
    Mutants(mutants::Options),
    /// Run everything that CI runs.
    Test,
    /// Run a benchmark.
    Bench {
        /// Which one.
        #[arg(value_enum)]
        subject: bench::Subject,
        /// Its own arguments, such as `--rows` of `worker` or `--soak` of `edge`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Build { offline } => artifacts::build(artifacts::Network::from_flag(offline)),
        Command::Www => www::build(artifacts::Network::Allowed),
        Command::Package => image::pack(),
        Command::Demo { worker, check } => {
            demo::play(demo::Stage::from_flag(worker), demo::Mode::from_flag(check))
        }
        Command::Differences => differences::write(),
        Command::Reasons => reasons::write(),
        Command::Coverage => coverage::measure_and_list(),
        Command::Fuzz(options) => fuzz::run_all(&options),
        Command::Mutants(options) => mutants::run_all(&options),
        Command::Test => suite::run_all(),
        Command::Bench { subject, arguments } => bench::run_subject(subject, &arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            run::say(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}
