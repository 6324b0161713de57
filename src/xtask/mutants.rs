//! `cargo xtask mutants`: the core with one mistake at a time. A mistake that no test notices is a check that nobody
//! would miss.

mod area;
mod results;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::Failure;
use crate::paths;
use crate::run::{command, run, say};
use crate::tools::Tool;
use area::Area;
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
        for name in known.iter().filter(|name| options.shard.is_none() && area.holds_mutant(name)) {
            if !results.missed.contains(name) {
                say(&format!("caught, though tests/mutants.txt has it: {name}"));
            }
        }
        unexpected.extend(results.missed.into_iter().filter(|name| !known.contains(name)));
    }
    for name in &unexpected {
        say(&format!("survived: {name}"));
    }
    if unexpected.is_empty() { Ok(()) } else { Err(Failure::step("killing mutants")) }
}

/// Twice: most mutants die of the small unit tests, which are fast without optimisation. What survives them meets all
/// unit tests and the corpus.
fn mutate(tool: &Path, area: Area, shard: Option<&str>) -> Result<Results, Failure> {
    let folder = paths::target().join("mutants-of").join(area.name());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::file("remove", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::file("create", &folder))?;
    let first = try_tests(tool, area, &folder, shard, Tests::Small)?;
    if first.missed.is_empty() {
        return Ok(first);
    }
    say(&format!("{} of {} mutants are left for all tests", first.missed.len(), first.total()));
    let second = try_tests(tool, area, &folder, shard, Tests::All)?;
    Ok(first.followed_by(second))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tests {
    Small,
    All,
}

fn try_tests(
    tool: &Path,
    area: Area,
    folder: &Path,
    shard: Option<&str>,
    tests: Tests,
) -> Result<Results, Failure> {
    let mut mutants = command(tool);
    mutants.args(["mutants", "--package", "edgelatch-core", "--no-times", "--output"]).arg(folder);
    mutants.args(["--test-package", "edgelatch-core", "--cargo-arg=--lib"]);
    // What the core depends on is built once, though the core is copied anew for every run.
    mutants.env("CARGO_TARGET_DIR", paths::target().join("mutants"));
    area.choose(&mut mutants);
    if let Some(shard) = shard {
        mutants.args(["--shard", shard]);
    }
    match tests {
        Tests::Small => {
            mutants.args(["--profile", "mutants", "--", "--"]);
            mutants.args(area.slow_tests().iter().flat_map(|name| ["--skip", *name]));
        }
        Tests::All => {
            mutants.args(["--iterate", "--profile", "dev", "--test-package", "edgelatch-tests"]);
            mutants.args(["--cargo-arg=--test", "--cargo-arg=corpus_native"]);
        }
    }
    // It ends with an error if mutants survive, and that is read from its files.
    let ended = run(mutants, "cargo mutants");
    let results = results::read(&folder.join("mutants.out"))?;
    if results.total() == 0 { ended.map(|()| results) } else { Ok(results) }
}

const MUTANTS: Tool =
    Tool { program: "cargo-mutants", package: "cargo-mutants", version: "27.1.0" };
