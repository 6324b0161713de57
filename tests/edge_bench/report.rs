//! The table for people, and `target/bench/edge.json` for programs.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::Failure;
use super::goal::{self, Goal};
use super::output;
use super::rows::{ROWS, Row, Sent};
use super::statistics::{Figures, median, ratio};

/// Everything that was found out.
pub(crate) struct Report {
    /// Envoy's own words about its version.
    pub(crate) envoy: String,
    pub(crate) rows: Figures,
    pub(crate) goals: Vec<Goal>,
    /// Further figures, under their names in the file.
    pub(crate) more: Map<String, Value>,
}

impl Report {
    /// Prints the table.
    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\nEnvoy {}, one worker, CPU microseconds per request", self.envoy)?;
        writeln!(
            out,
            "{:<26} {:<8} {:>14} {:>8} {:>8} {:>10}",
            "", "", "tokens", "total", "added", "to native"
        )?;
        for row in &ROWS {
            if let Some(line) = self.line(row) {
                writeln!(out, "{line}")?;
            }
        }
        goal::print(&self.goals, out)?;
        writeln!(out)?;
        for remark in REMARKS {
            writeln!(out, "{remark}")?;
        }
        Ok(())
    }

    /// Writes the file and returns its path.
    pub(crate) fn write(&self) -> Result<PathBuf, Failure> {
        output::write("edge", &self.to_json())
    }

    fn line(&self, row: &Row) -> Option<String> {
        let total = self.total(row.key)?;
        let added = self.added(row.key).map_or_else(String::new, |added| format!("{added:.1}"));
        let native = ratio(&self.rows, row.key, row.native)
            .map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let (title, algorithm) = (row.title, row.algorithm.name());
        let tokens = match row.tokens {
            Sent::Again(count) => format!("{count} known"),
            Sent::New => "all new".to_owned(),
        };
        Some(format!(
            "{title:<26} {algorithm:<8} {tokens:>14} {total:>8.1} {added:>8} {native:>10}"
        ))
    }

    fn total(&self, key: &str) -> Option<f64> {
        median(self.rows.get(key)?)
    }

    fn added(&self, key: &str) -> Option<f64> {
        let pairs = self.rows.get(key)?.iter().zip(self.rows.get("no_filter")?);
        median(&pairs.map(|(row, base)| row - base).collect::<Vec<_>>())
    }

    fn to_json(&self) -> Value {
        let mut report = Map::new();
        report.insert("envoy".into(), json!(self.envoy));
        goal::add(&self.goals, &mut report);
        report.extend(self.more.clone());
        report.insert("rows".into(), ROWS.iter().filter_map(|row| self.row_json(row)).collect());
        Value::Object(report)
    }

    fn row_json(&self, row: &Row) -> Option<(String, Value)> {
        let figures = self.rows.get(row.key)?;
        let value = json!({
            "us": self.total(row.key),
            "added_us": self.added(row.key),
            "vs_full_native": ratio(&self.rows, row.key, row.native),
            "rounds_us": figures,
        });
        Some((row.key.to_owned(), value))
    }
}

const REMARKS: [&str; 7] = [
    "full native: jwt_authn with payload in metadata and two claim headers, and an RBAC rule on the scope",
    "host calls of ours only: header lines and time, token out, two claims in; ours cannot cost less",
    "to native: known tokens beside full native with its cache and 2,000 tokens, new ones beside it without a cache",
    "the caches of jwt_authn and of ours have room for all known tokens that are sent to them",
    "each row begins after at least 30,000 requests, when V8 has compiled what is hot",
    "all figures are medians over the rounds; ratios are taken within a round",
    "all Envoys are started anew after some rounds, since where memory and code happen to lie makes a difference",
];
