//! `cargo xtask bench`.

use clap::ValueEnum;

use crate::Failure;
use crate::artifacts::{self, Network};
use crate::run::{cargo, command, run};
use crate::{demo, paths, www};

/// What can be measured.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Subject {
    /// The decision: parse, verify per algorithm, whole request, beside a peer.
    Core,
    /// The filter in a real Envoy: CPU time per request beside Envoy's own filters, memory, revocation.
    Edge,
    /// The guard in workerd beside jose, and the package on Node.js beside jose and fast-jwt: CPU time.
    Worker,
}

/// Runs one benchmark with arguments of its own.
pub(crate) fn run_subject(subject: Subject, arguments: &[String]) -> Result<(), Failure> {
    match subject {
        Subject::Core => core(arguments),
        Subject::Edge => edge(arguments),
        Subject::Worker => worker(arguments),
    }
}

fn core(arguments: &[String]) -> Result<(), Failure> {
    let mut bench =
        cargo(&["bench", "--locked", "--package", "edgelatch-tests", "--bench", "core", "--"]);
    bench.args(arguments);
    run(bench, "the benchmark")
}

fn edge(arguments: &[String]) -> Result<(), Failure> {
    artifacts::build(Network::Allowed)?;
    artifacts::build_bare_filters()?;
    build("edgelatch-edge-bench")?;
    let mut bench = command(paths::edge_bench());
    bench.env("EDGELATCH_EMPTY_FILTER", paths::empty_filter());
    bench.env("EDGELATCH_ASKING_FILTER", paths::asking_filter()).args(arguments);
    demo::name_artifacts(&mut bench)?;
    run(bench, "the benchmark")
}

fn worker(arguments: &[String]) -> Result<(), Failure> {
    www::ensure_tools(www::Tools::All, Network::Allowed)?;
    www::build(Network::Allowed)?;
    artifacts::build_plain_p256()?;
    build("edgelatch-worker-bench")?;
    let mut bench = command(paths::worker_bench());
    bench.env("EDGELATCH_NPM_PACKAGE", paths::package());
    bench.env("EDGELATCH_PLAIN_P256", paths::plain_p256()).args(arguments);
    run(bench, "the benchmark")
}

fn build(program: &str) -> Result<(), Failure> {
    let program = ["--release", "--package", "edgelatch-tests", "--bin", program];
    run(cargo(&[&["build", "--locked"], &program[..]].concat()), "the build of the benchmark")
}
