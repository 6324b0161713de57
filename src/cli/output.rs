//! Results on standard output, for people or for programs.

use std::io::{self, Write};

use serde_json::Value;

use crate::failure::Failure;

/// One line.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    Ok(writeln!(io::stdout().lock(), "{text}")?)
}

/// Text that must arrive, whole: here a reader that went away is a failure like any other.
pub(crate) fn vital(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

/// One JSON value on one line.
pub(crate) fn json(value: &Value) -> Result<(), Failure> {
    line(&value.to_string())
}

/// Columns as wide as their longest cell.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>]) -> Result<(), Failure> {
    let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    let width = |column: usize| {
        let cells = rows.iter().chain([&heads]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    for row in [&heads].into_iter().chain(rows) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Seconds since the Unix epoch as `2026-11-23 15:05:23 UTC`.
pub(crate) fn time(seconds: u64) -> String {
    let text = edgelatch_issuer::rfc3339(seconds.saturating_mul(1000));
    let plain = text.split('.').next().unwrap_or_default();
    format!("{} UTC", plain.replace('T', " "))
}
