//! The tables for people, and `target/bench/worker.json` for programs.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::goal::{self, Goal};
use super::node::Costs;
use super::node_rows::{self, Sent};
use super::rows::{self, ROWS, Row};
use super::statistics::{Figures, median};

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
        let columns = ["total", "added", "to jose", "±"].map(|name| format!("{name:>8}"));
        writeln!(out, "{:<26} {:<8} {}", "", "", columns.join(" "))?;
        for row in &ROWS {
            let Some(total) = middle(&self.workers, row.key) else { continue };
            let to_jose = rows::to_jose(&self.workers, row);
            let added = shown(self.added(row), 1);
            let ratio = shown(to_jose.map(|estimate| estimate.median), 2);
            let doubt = shown(to_jose.map(|estimate| estimate.doubt), 2);
            let (title, algorithm) = (row.worker.title(), row.algorithm.name());
            write!(out, "{title:<26} {algorithm:<8} {total:>8.1} ")?;
            writeln!(out, "{added:>8} {ratio:>8} {doubt:>8}")?;
        }
        Ok(())
    }

    fn print_node(&self, out: &mut impl Write) -> io::Result<()> {
        let version = |name| self.versions.get(name).and_then(Value::as_str).unwrap_or_default();
        let (node, jose, fast) = (version("node"), version("jose"), version("fast-jwt"));
        writeln!(out, "\nNode.js {node}, jose {jose}, fast-jwt {fast}, microseconds per call")?;
        let columns = ["tokens", "CPU", "wall"].map(|name| format!("{name:>8}"));
        writeln!(out, "{:<35} {}", "", columns.join(" "))?;
        for row in &node_rows::ROWS {
            let Some(cpu) = middle(&self.node.cpu, row.key) else { continue };
            let wall = shown(middle(&self.node.wall, row.key), 1);
            let tokens = if row.tokens == Sent::New { "new" } else { "known" };
            writeln!(out, "{:<35} {tokens:>8} {cpu:>8.1} {wall:>8}", row.title)?;
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
        let to_jose = rows::to_jose(&self.workers, row);
        let value = json!({
            "us": median(figures),
            "added_us": self.added(row),
            "added_vs_jose": to_jose.map(|estimate| estimate.median),
            "added_vs_jose_doubt": to_jose.map(|estimate| estimate.doubt),
            "rounds_us": figures,
        });
        Some((row.key.to_owned(), value))
    }

    fn node_json(&self, key: &str) -> Option<(String, Value)> {
        let (cpu, wall) = (self.node.cpu.get(key)?, self.node.wall.get(key)?);
        let value = json!({
            "us": median(cpu),
            "wall_us": median(wall),
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
}

fn middle(figures: &Figures, key: &str) -> Option<f64> {
    median(figures.get(key)?)
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(String::new, |figure| format!("{figure:.digits$}"))
}

const REMARKS: [&str; 6] = [
    "added: beyond an empty Worker that is sent the same; to jose: added, in proportion to what jose adds",
    "jose checks signature, issuer, audience, times and type; ours also path, method and scope, and builds the refusal",
    "known tokens: 2,000 in turn; new tokens: each once",
    "CPU: of all threads; wall: one call after the other; on Node.js fast-jwt is given the one key, the others a key set",
    "all figures are medians over the rounds; ratios are taken within a round",
    "±: how far the median may be off (95 %), from how far the rounds lie apart: large while the machine is busy",
];
