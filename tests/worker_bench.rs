//! What the guard costs a Worker, beside jose, and what the package costs a program on Node.js, beside jose and
//! fast-jwt, all in the same run. Started by `cargo xtask bench worker`.
//!
//! The figure in Workers is CPU time of workerd per request, as in the bench of the filter: throughput would measure the
//! load generator, too. Every promise is printed beside what was measured, and a broken one makes the program fail.

#[path = "edge_bench/algorithm.rs"]
mod algorithm;
#[path = "edge_bench/answer.rs"]
mod answer;
#[path = "worker_bench/doubt.rs"]
mod doubt;
#[path = "edge_bench/goal.rs"]
mod goal;
#[path = "worker_bench/goals.rs"]
mod goals;
#[path = "worker_bench/ground.rs"]
mod ground;
#[path = "edge_bench/load.rs"]
mod load;
#[path = "worker_bench/node.rs"]
mod node;
#[path = "worker_bench/node_rows.rs"]
mod node_rows;
#[path = "edge_bench/output.rs"]
mod output;
#[path = "edge_bench/process_table.rs"]
#[expect(dead_code, reason = "memory is measured in Envoy only")]
mod process_table;
#[path = "worker_bench/program.rs"]
mod program;
#[path = "worker_bench/report.rs"]
mod report;
#[path = "worker_bench/rows.rs"]
mod rows;
#[path = "worker_bench/settings.rs"]
mod settings;
#[path = "edge_bench/signer.rs"]
mod signer;
#[path = "edge_bench/statistics.rs"]
mod statistics;
#[path = "edge_bench/tokens.rs"]
mod tokens;
#[path = "edge_bench/traffic.rs"]
mod traffic;
#[path = "worker_bench/workerd.rs"]
mod workerd;
#[path = "worker_bench/workers.rs"]
mod workers;

use std::io::{self, Write};
use std::process::{Command, ExitCode};

use edgelatch_tests::lab;

use ground::Ground;
use report::Report;
use settings::Settings;

type Failure = Box<dyn core::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let outcome = Settings::parse(std::env::args().skip(1)).and_then(|settings| run(&settings));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(settings: &Settings) -> Result<(), Failure> {
    let report = measure(settings)?;
    let mut out = io::stdout().lock();
    report.print(&mut out)?;
    writeln!(out, "written to {}", output::write("worker", &report.to_json())?.display())?;
    goal::check(&report.goals)
}

fn measure(settings: &Settings) -> Result<Report, Failure> {
    say("minting tokens");
    let ground = Ground::prepare(settings)?;
    let workers = workers::measure(settings, &ground)?;
    let node = node::measure(settings, &ground)?;
    let goals = goals::judge(&workers, &node, brotli_kibibytes()?);
    Ok(Report { workers, node, goals, versions: ground::versions()? })
}

/// What a Worker that uses all of the package loads, as the build measures it.
fn brotli_kibibytes() -> Result<f64, Failure> {
    let mut node = Command::new("node");
    node.arg(lab::repository().join("www/size.mjs"));
    let text = lab::run(node)?;
    let figure = text.strip_prefix("in a Worker: ").and_then(|rest| rest.split(' ').next());
    Ok(figure.ok_or("www/size.mjs says no size")?.parse()?)
}

/// A line about the progress.
fn say(line: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "bench: {line}");
}
