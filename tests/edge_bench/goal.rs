//! A promise, and whether it was kept.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Failure;

/// A promise: a figure that is at most so much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    /// Its name in the report.
    pub(crate) key: &'static str,
    /// What the figure is.
    pub(crate) title: &'static str,
    /// What it may be.
    pub(crate) at_most: f64,
    /// What it is; `None` if it was not measured.
    pub(crate) value: Option<f64>,
}

impl Goal {
    /// `None` if nothing was measured.
    pub(crate) fn is_met(&self) -> Option<bool> {
        self.value.map(|value| value <= self.at_most)
    }
}

/// Prints a table of promises.
pub(crate) fn print(goals: &[Goal], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{:<58} {:>9} {:>9}", "goal", "at most", "is")?;
    for goal in goals {
        let (value, met) = match (goal.value, goal.is_met()) {
            (Some(value), Some(true)) => (format!("{value:.2}"), "met"),
            (Some(value), _) => (format!("{value:.2}"), "MISSED"),
            (None, _) => ("-".to_owned(), "not measured"),
        };
        writeln!(out, "{:<58} {:>9.2} {value:>9}  {met}", goal.title, goal.at_most)?;
    }
    Ok(())
}

/// Adds each figure to a report under its key, and all promises as `goals`.
pub(crate) fn add(goals: &[Goal], report: &mut Map<String, Value>) {
    for goal in goals {
        report.insert(goal.key.into(), json!(goal.value));
    }
    report.insert("goals".into(), goals.iter().map(to_json).collect());
}

fn to_json(goal: &Goal) -> (String, Value) {
    let value = json!({ "at_most": goal.at_most, "value": goal.value, "met": goal.is_met() });
    (goal.key.to_owned(), value)
}

/// An error that names the promises that were not kept.
pub(crate) fn check(goals: &[Goal]) -> Result<(), Failure> {
    let missed: Vec<_> =
        goals.iter().filter(|goal| goal.is_met() == Some(false)).map(|goal| goal.key).collect();
    if missed.is_empty() { Ok(()) } else { Err(format!("missed: {}", missed.join(", ")).into()) }
}
