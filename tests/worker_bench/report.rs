//! The tables for people, and `target/bench/worker.json` for programs.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::goal::{self, Goal};
use super::node::Costs;
use super::node_rows::{self, Sent};
use super::rows::{self, ROWS, Row};
use super::statistics::{Figures, median, percentile};

/// Everything that was found out.
pub(crate) struct Report {
    pub(crate) versions: Map<String, Value>,
    pub(crate) workers: Figures,
    pub(crate) node: Costs,
    pub(crate) goals: Vec<Goal>,
}

impl Report {
    /// Prints the tables.
    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        self.print_workers(out)?;
        self.print_node(out)?;
        goal::print(&self.goals, out)?;
        writeln!(out)?;
        for remark in REMARKS {
            writeln!(out, "{remark}")?;
        }
        Ok(())
    }

    fn print_workers(&self, out: &mut impl Write) -> io::Result<()> {
        let version = |name| self.versions.get(name).and_then(Value::as_str).unwrap_or_default();
        let (workerd, jose) = (version("workerd"), version("jose"));
        writeln!(out, "\nworkerd {workerd}, jose {jose}, CPU microseconds per request")?;
        let columns = ["total", "spread", "added", "to jose"].map(|name| format!("{name:>8}"));
        writeln!(out, "{:<26} {:<8} {}", "", "", columns.join(" "))?;
        for row in &ROWS {
            let Some(total) = middle(&self.workers, row.key) else { continue };
            let (added, ratio) = (shown(self.added(row), 1), shown(self.to_jose(row), 2));
            let spread = percent(&self.workers, row.key);
            let (title, algorithm) = (row.worker.title(), row.algorithm.name());
            write!(out, "{title:<26} {algorithm:<8} {total:>8.1} {spread:>8} ")?;
            writeln!(out, "{added:>8} {ratio:>8}")?;
        }
        Ok(())
    }

    fn print_node(&self, out: &mut impl Write) -> io::Result<()> {
        let version = |name| self.versions.get(name).and_then(Value::as_str).unwrap_or_default();
        let (node, jose, fast) = (version("node"), version("jose"), version("fast-jwt"));
        writeln!(out, "\nNode.js {node}, jose {jose}, fast-jwt {fast}, microseconds per call")?;
        let columns = ["tokens", "CPU", "spread", "wall"].map(|name| format!("{name:>8}"));
        writeln!(out, "{:<35} {}", "", columns.join(" "))?;
        for row in &node_rows::ROWS {
            let Some(cpu) = middle(&self.node.cpu, row.key) else { continue };
            let wall = shown(middle(&self.node.wall, row.key), 1);
            let tokens = if row.tokens == Sent::New { "new" } else { "known" };
            let spread = percent(&self.node.cpu, row.key);
            writeln!(out, "{:<35} {tokens:>8} {cpu:>8.1} {spread:>8} {wall:>8}", row.title)?;
        }
        Ok(())
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut report = Map::new();
        report.insert("versions".into(), self.versions.clone().into());
        goal::add(&self.goals, &mut report);
        report.insert("es256_sync_us".into(), json!(middle(&self.node.cpu, "ours_sync_es256")));
        report.insert("rows".into(), ROWS.iter().filter_map(|row| self.row_json(row)).collect());
        let node = node_rows::ROWS.iter().filter_map(|row| self.node_json(row.key));
        report.insert("node".into(), node.collect());
        Value::Object(report)
    }

    fn row_json(&self, row: &Row) -> Option<(String, Value)> {
        let figures = self.workers.get(row.key)?;
        let value = json!({
            "us": median(figures),
            "added_us": self.added(row),
            "added_vs_jose": self.to_jose(row),
            "spread": spread(figures),
            "rounds_us": figures,
        });
        Some((row.key.to_owned(), value))
    }

    fn node_json(&self, key: &str) -> Option<(String, Value)> {
        let (cpu, wall) = (self.node.cpu.get(key)?, self.node.wall.get(key)?);
        let value = json!({
            "us": median(cpu),
            "wall_us": median(wall),
            "spread": spread(cpu),
            "rounds_us": cpu,
        });
        Some((key.to_owned(), value))
    }

    /// What a Worker costs beyond an empty one in the same round.
    fn added(&self, row: &Row) -> Option<f64> {
        let empty = self.workers.get(rows::empty(row.algorithm))?;
        let pairs = self.workers.get(row.key)?.iter().zip(empty);
        median(&pairs.map(|(row, empty)| row - empty).collect::<Vec<_>>())
    }

    fn to_jose(&self, row: &Row) -> Option<f64> {
        rows::to_jose(&self.workers, row)
    }
}

fn middle(figures: &Figures, key: &str) -> Option<f64> {
    median(figures.get(key)?)
}

/// How far apart the middle half of the rounds lies: more than a quarter, and the machine was busy with something else.
fn spread(figures: &[f64]) -> Option<f64> {
    Some((percentile(figures, 75)? - percentile(figures, 25)?) / median(figures)?)
}

fn percent(figures: &Figures, key: &str) -> String {
    let spread = figures.get(key).and_then(|figures| spread(figures));
    spread.map_or_else(String::new, |spread| format!("{:.0} %", spread * 100.0))
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(String::new, |figure| format!("{figure:.digits$}"))
}

const REMARKS: [&str; 6] = [
    "added: beyond an empty Worker that is sent the same; to jose: added, in proportion to what jose adds",
    "jose checks signature, issuer, audience, times and type; ours also path, method and scope, and builds the refusal",
    "known tokens: 2,000 in turn; new tokens: each once, with the 10,000 remembered that a guard remembers by default",
    "CPU: of all threads; wall: one call after the other; on Node.js fast-jwt is given the one key, the others a key set",
    "all figures are medians over the rounds; ratios are taken within a round",
    "spread: of the middle half of the rounds; above 25 % the machine was busy with other things, and the run says little",
];
