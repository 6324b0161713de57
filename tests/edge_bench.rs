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
#[path = "edge_bench/goals.rs"]
mod goals;
#[path = "edge_bench/guarded.rs"]
mod guarded;
#[path = "edge_bench/lane.rs"]
mod lane;
#[path = "edge_bench/load.rs"]
mod load;
#[path = "edge_bench/memory.rs"]
mod memory;
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

use edgelatch_tests::minting::Keys;
use serde_json::{Map, json};
use tempfile::TempDir;

use goals::Others;
use report::Report;
use settings::Settings;
use statistics::percentile;
use tokens::Tokens;

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
    goals::check(&report.goals)
}

fn measure(settings: &Settings) -> Result<Report, Failure> {
    let folder = TempDir::with_prefix("edgelatch-bench-")?;
    let keys = Keys::load()?;
    let key_set = tokens::key_set(&keys)?;
    say("minting tokens");
    let tokens = Tokens::mint(rows::ALL, &keys)?;

    let (envoy, rows) = rounds::run(settings, &tokens, &key_set, folder.path())?;
    let mut others = Others { wasm_kb: Some(memory::file_kilobytes()?), ..Others::default() };
    let mut more = Map::new();
    if settings.wants("memory") {
        say("memory with 20,000 tokens");
        others.vm_mb = Some(memory::machine_megabytes(&key_set, &tokens, folder.path())?);
    }
    if settings.wants("revocation") {
        say("taking access away");
        let took = revocation::measure(settings.revocations, folder.path())?;
        others.revocation_p99 = percentile(&took, 99);
        more.insert("revocation_to_refusal_ms_p50".into(), json!(percentile(&took, 50)));
        more.insert("revocation_rounds".into(), json!(took.len()));
    }
    if settings.soak {
        say("ten million requests");
        let soak = soak::run(&key_set, &keys, &tokens, folder.path())?;
        others.soak_growth_mb = Some(soak.after_10_million - soak.after_1_million);
        more.insert("soak_1_million_mb".into(), json!(soak.after_1_million));
        more.insert("soak_10_million_mb".into(), json!(soak.after_10_million));
    }
    let goals = goals::judge(&rows, others);
    Ok(Report { envoy, rows, goals, more, remarks: Vec::new() })
}

/// A line about the progress.
fn say(line: &str) {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "bench: {line}");
}
