//! `cargo xtask fuzz`: libFuzzer steers by the coverage that the stable compiler already knows how to record, so that
//! nothing has to be installed but a C++ compiler.

mod build;
mod corpora;
mod minimise;
mod outcome;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::{fs, io::Write as _, thread};

use crate::Failure;
use crate::paths;
use crate::run::{command, run, say};
use corpora::Corpus;
use outcome::Outcome;

/// What to do with the targets.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How long to try new inputs, for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only this target, such as `token`.
    #[arg(long)]
    target: Option<String>,
    /// Try only the input in this file.
    #[arg(long, requires = "target")]
    replay: Option<PathBuf>,
    /// Begin with the checked-in inputs alone, and keep nothing that is found.
    #[arg(long, conflicts_with = "minimise")]
    fresh: bool,
    /// Put the few inputs that reach most of what was ever reached into the checked-in corpora.
    #[arg(long, conflicts_with = "replay")]
    minimise: bool,
}

/// Fuzzes, and fails if an input was found that breaks a promise.
pub(crate) fn run_all(options: &Options) -> Result<(), Failure> {
    let targets = corpora::targets(options.target.as_deref())?;
    let program = build::build()?;
    if let (Some(target), Some(input)) = (&options.target, &options.replay) {
        let mut fuzzer = fuzzer(&program, target);
        fuzzer.arg(input);
        return run(fuzzer, "the input");
    }
    if options.minimise {
        return targets.iter().try_for_each(|target| minimise::minimise(&program, target));
    }
    let corpus = if options.fresh { Corpus::CheckedIn } else { Corpus::Kept };
    let outcomes = campaign(&program, &targets, corpus, options.seconds)?;
    report(&outcomes)
}

/// The same for a short time, as a step of `cargo xtask test`. The lines go to `counts`.
pub(crate) fn run_briefly(counts: &mut Vec<String>) -> Result<(), Failure> {
    let program = build::build()?;
    let outcomes = campaign(&program, &corpora::targets(None)?, Corpus::CheckedIn, BRIEF_SECONDS)?;
    counts.extend(outcomes.iter().map(Outcome::summary));
    report(&outcomes)
}

/// One process for each target, two at a time.
fn campaign(
    program: &Path,
    targets: &[String],
    corpus: Corpus,
    seconds: u64,
) -> Result<Vec<Outcome>, Failure> {
    let left = Mutex::new(targets.iter());
    let done = Mutex::new(Vec::new());
    let work = || {
        loop {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(target) = next else { return };
            let outcome = fuzz(program, target, corpus, seconds);
            done.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut outcomes = done.into_iter().collect::<Result<Vec<_>, _>>()?;
    outcomes.sort_by(|one, other| one.target.cmp(&other.target));
    Ok(outcomes)
}

fn fuzz(program: &Path, target: &str, corpus: Corpus, seconds: u64) -> Result<Outcome, Failure> {
    let new = corpora::folder_for_new(target, corpus)?;
    let crashes = paths::target().join("fuzz/crashes");
    fs::create_dir_all(&crashes).map_err(Failure::file("create", &crashes))?;
    let log = paths::target().join("fuzz").join(format!("{target}.log"));
    let file = fs::File::create(&log).map_err(Failure::file("create", &log))?;
    say(&format!("fuzzing {target} for {seconds} s"));
    let mut fuzzer = fuzzer(program, target);
    fuzzer.args(["-print_final_stats=1", "-timeout=25", "-rss_limit_mb=2048"]);
    fuzzer.arg(format!("-max_total_time={seconds}"));
    fuzzer.arg(format!("-artifact_prefix={}/{target}-", crashes.display()));
    let dictionary = corpora::dictionary(target);
    if dictionary.is_file() {
        fuzzer.arg(format!("-dict={}", dictionary.display()));
    }
    fuzzer.arg(new).arg(corpora::checked_in(target)).stderr(file);
    let status = fuzzer.status().map_err(Failure::file("start", program))?;
    let text = fs::read(&log).map_err(Failure::file("read", &log))?;
    Ok(Outcome::read(target, seconds, status.success(), &String::from_utf8_lossy(&text)))
}

fn fuzzer(program: &Path, target: &str) -> Command {
    let mut fuzzer = command(program);
    fuzzer.env("EDGELATCH_FUZZ_TARGET", target);
    fuzzer
}

fn report(outcomes: &[Outcome]) -> Result<(), Failure> {
    let mut failed = Vec::new();
    for outcome in outcomes {
        let _ = writeln!(std::io::stdout(), "{}", outcome.summary());
        if let Some(crash) = &outcome.crash {
            say(&format!("{}:\n{crash}", outcome.target));
            failed.push(outcome.target.as_str());
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::step(format!("fuzzing of {}", failed.join(", "))))
}

/// In `cargo xtask test`.
const BRIEF_SECONDS: u64 = 10;
