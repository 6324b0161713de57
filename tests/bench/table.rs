//! The ratios, out of what criterion measured, as a table and as `target/bench/core.json`.

use std::fs;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::Failure;

/// Prints medians in microseconds and the ratio of ours to the peer's.
pub(crate) fn print(algorithms: &[&str]) -> Result<(), Failure> {
    let folder = target_folder();
    let mut report = Map::new();
    let mut out = stdout().lock();
    writeln!(
        out,
        "\n{:<10} {:<8} {:>10} {:>14} {:>8}",
        "", "", "ours us", "jsonwebtoken", "ratio"
    )?;
    for algorithm in algorithms {
        for step in ["parse", "verify", "decide"] {
            let ours = median(&folder, algorithm, &format!("{step}-ours"))?;
            let peer = median(&folder, algorithm, &format!("{step}-peer"))?;
            let ratio = ours / peer;
            writeln!(out, "{algorithm:<10} {step:<8} {ours:>10.2} {peer:>14.2} {ratio:>8.2}")?;
            report.insert(
                format!("{step}_{}", algorithm.to_lowercase()),
                json!({ "ours_us": ours, "jsonwebtoken_us": peer, "ratio": ratio }),
            );
        }
    }
    let file = folder.join("bench/core.json");
    fs::create_dir_all(folder.join("bench"))?;
    fs::write(&file, serde_json::to_string_pretty(&Value::Object(report))?)?;
    writeln!(
        out,
        "\nparse: ours reads route, header lines and all three segments, the peer the header only"
    )?;
    writeln!(out, "written to {}", fs::canonicalize(&file)?.display())?;
    Ok(())
}

/// The median of one function, in microseconds.
fn median(folder: &Path, algorithm: &str, function: &str) -> Result<f64, Failure> {
    let file = folder.join("criterion").join(algorithm).join(function).join("new/estimates.json");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let estimates: Value = serde_json::from_str(&text)?;
    let nanoseconds = estimates.pointer("/median/point_estimate").and_then(Value::as_f64);
    Ok(nanoseconds.ok_or("no median in criterion's estimates")? / 1_000.0)
}

fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from)
}
