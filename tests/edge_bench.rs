//! What our filter costs in a real Envoy, beside Envoy's own filters that do the same job, in the same run. Started by
//! `cargo xtask bench edge`.
//!
//! The figure is CPU time of the Envoy process per request: throughput would measure the load generator, which shares
//! the machine, too. Every promise is printed beside what was measured, and a broken one makes the program fail.

#[path = "edge_bench/algorithm.rs"]
mod algorithm;
#[path = "edge_bench/answer.rs"]
mod answer;
#[path = "edge_bench/bootstrap.rs"]
mod bootstrap;
#[path = "edge_bench/edge.rs"]
mod edge;
#[path = "edge_bench/filters.rs"]
mod filters;
#[path = "edge_bench/fleet.rs"]
mod fleet;
#[path = "edge_bench/goal.rs"]
mod goal;
#[path = "edge_bench/goals.rs"]
mod goals;
#[path = "edge_bench/ground.rs"]
mod ground;
#[path = "edge_bench/guarded.rs"]
mod guarded;
#[path = "edge_bench/lane.rs"]
mod lane;
#[path = "edge_bench/load.rs"]
mod load;
#[path = "edge_bench/memory.rs"]
mod memory;
#[path = "edge_bench/output.rs"]
mod output;
#[path = "edge_bench/policy.rs"]
mod policy;
#[path = "edge_bench/process_table.rs"]
mod process_table;
#[path = "edge_bench/report.rs"]
mod report;
#[path = "edge_bench/revocation.rs"]
mod revocation;
#[path = "edge_bench/rounds.rs"]
mod rounds;
#[path = "edge_bench/rows.rs"]
mod rows;
#[path = "edge_bench/settings.rs"]
mod settings;
#[path = "edge_bench/signer.rs"]
mod signer;
#[path = "edge_bench/soak.rs"]
mod soak;
#[path = "edge_bench/statistics.rs"]
mod statistics;
#[path = "edge_bench/tokens.rs"]
mod tokens;
#[path = "edge_bench/traffic.rs"]
mod traffic;

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use goals::Others;
use ground::Ground;
use report::Report;
use settings::Settings;
use soak::Soak;
use statistics::percentile;

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
    writeln!(out, "written to {}", report.write()?.display())?;
    goal::check(&report.goals)
}

fn measure(settings: &Settings) -> Result<Report, Failure> {
    say("minting tokens");
    let ground = Ground::prepare()?;
    let (envoy, rows) = rounds::run(settings, &ground)?;
    let mut more = Map::new();
    let others = measure_others(settings, &ground, &mut more)?;
    Ok(Report { envoy, goals: goals::judge(&rows, others), rows, more })
}

/// What is not CPU time. Figures without a goal go into `more`.
fn measure_others(
    settings: &Settings,
    ground: &Ground,
    more: &mut Map<String, Value>,
) -> Result<Others, Failure> {
    let mut others = Others { wasm_kb: Some(memory::file_kilobytes()?), ..Others::default() };
    let mut note = |key: &str, value: Value| more.insert(key.to_owned(), value);
    if settings.wants("memory") {
        say("memory with 20,000 tokens");
        let memory = memory::measure(ground)?;
        others.vm_mb = Some(memory.machine);
        others.forgotten = Some(memory.forgotten);
        note("process_over_empty_wasm_mb", json!(memory.process_over_empty));
    }
    if settings.wants("revocation") {
        say("taking access away");
        let took = revocation::measure(settings.revocations, ground.folder())?;
        others.revocation_p99 = percentile(&took, 99);
        note("revocation_to_refusal_ms_p50", json!(percentile(&took, 50)));
        note("revocation_rounds", json!(took.len()));
    }
    if settings.soak {
        say("ten million requests");
        let Soak { after_1_million, after_10_million } = soak::run(ground)?;
        others.soak_growth_mb = Some(after_10_million.process - after_1_million.process);
        note("soak_1_million_process_mb", json!(after_1_million.process));
        note("soak_10_million_process_mb", json!(after_10_million.process));
        note("soak_1_million_vm_mb", json!(after_1_million.machine));
        note("soak_10_million_vm_mb", json!(after_10_million.machine));
    }
    Ok(others)
}

/// A line about the progress.
fn say(line: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "bench: {line}");
}
