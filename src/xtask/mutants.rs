//! `cargo xtask mutants`: the core with one mistake at a time. A mistake that no test notices is a check that nobody
//! would miss.

mod area;
mod results;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::Failure;
use crate::paths;
use crate::run::{command, run, say};
use crate::tools::Tool;
use area::{Area, SLOW_TESTS};
use results::Results;

/// What is mutated.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Which part of the core; again for several. By default those in which no mutant may survive.
    #[arg(long = "area", value_enum)]
    areas: Vec<Area>,
    /// Only a part of the mutants, such as 1/4.
    #[arg(long)]
    shard: Option<String>,
}

/// Mutates the areas one after the other; fails if a mutant survives that is not in the committed list.
pub(crate) fn run_all(options: &Options) -> Result<(), Failure> {
    let tool = MUTANTS.ensure()?;
    let areas: &[Area] =
        if options.areas.is_empty() { &Area::WITHOUT_SURVIVOR } else { &options.areas };
    let known = results::known()?;
    let mut unexpected = Vec::new();
    for area in areas {
        let results = mutate(&tool, *area, options.shard.as_deref())?;
        let _ = writeln!(std::io::stdout(), "{}", results.summary(area.name()));
        let missed = results.names_of_missed();
        for name in known.iter().filter(|name| options.shard.is_none() && area.holds_mutant(name)) {
            if !missed.contains(name) {
                say(&format!("caught, though tests/mutants.txt has it: {name}"));
            }
        }
        unexpected.extend(missed.into_iter().filter(|name| !known.contains(name)));
    }
    for name in &unexpected {
        say(&format!("survived: {name}"));
    }
    if unexpected.is_empty() { Ok(()) } else { Err(Failure::step("killing mutants")) }
}

/// Twice: most mutants die of the unit tests, less some that are slow without optimisation. What survives them meets
/// all unit tests and the corpus.
fn mutate(tool: &Path, area: Area, shard: Option<&str>) -> Result<Results, Failure> {
    let folder = paths::target().join("mutants-of").join(area.name());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file("remove", &folder))?;
    }
    let mut quick = cargo_mutants(tool, area);
    area.choose(&mut quick);
    if let Some(shard) = shard {
        quick.args(["--shard", shard]);
    }
    quick.args(["--", "--"]).args(SLOW_TESTS.into_iter().flat_map(|name| ["--skip", name]));
    let first = results_of(quick, &folder.join("quick"))?;
    if first.missed.is_empty() {
        return Ok(first);
    }
    say(&format!("{} of {} mutants are left for all tests", first.missed.len(), first.total()));
    let mut thorough = cargo_mutants(tool, area);
    thorough.args(["--test-package", "edgelatch-tests"]);
    thorough.args(["--cargo-arg=--test", "--cargo-arg=corpus_native"]);
    // The tests without a mutant have passed already; so without this, they would once more.
    thorough.args(["--baseline", "skip", "--timeout", "600"]);
    for name in &first.missed {
        // Both, since mutants without a field come along whatever the expression says.
        let file = name.split(':').next().unwrap_or_default();
        thorough.arg("--file").arg(file);
        thorough.arg("--re").arg(format!("^{}$", results::escape(name)));
    }
    let second = results_of(thorough, &folder.join("thorough"))?;
    Ok(first.followed_by(&second))
}

fn cargo_mutants(tool: &Path, area: Area) -> Command {
    let mut mutants = command(tool);
    let package = area.package();
    mutants.args(["mutants", "--package", package, "--test-package", package]);
    mutants.args(["--cargo-arg=--lib", "--profile", "mutants", "--no-times"]);
    // What the core depends on is built once, though the core is copied anew for every run.
    mutants.env("CARGO_TARGET_DIR", paths::target().join("mutants"));
    mutants
}

fn results_of(mut mutants: Command, folder: &Path) -> Result<Results, Failure> {
    fs::create_dir_all(folder).map_err(Failure::file("create", folder))?;
    mutants.env("CARGO_MUTANTS_OUTPUT", folder);
    // It ends with an error if mutants survive, and that is read from its files.
    let ended = run(mutants, "cargo mutants");
    let results = results::read(&folder.join("mutants.out"))?;
    if results.total() == 0 { ended.map(|()| results) } else { Ok(results) }
}

const MUTANTS: Tool =
    Tool { program: "cargo-mutants", package: "cargo-mutants", version: "27.1.0" };
