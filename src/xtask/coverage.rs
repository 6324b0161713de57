//! `cargo xtask coverage`: how many lines of the core, and of its arithmetic, their own unit tests reach.

mod lines;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;
use crate::paths;
use crate::run::{cannot_start, cargo, run, say};
use crate::tools::Tool;
use lines::Lines;

/// Measures, and names the lines that no test reaches.
pub(crate) fn measure_and_list() -> Result<(), Failure> {
    let lines = measure()?;
    for place in &lines.missed {
        say(&format!("not reached: {place}"));
    }
    let _ = writeln!(std::io::stdout(), "{}", lines.summary());
    judge(&lines)
}

/// The same as a step of `cargo xtask test`. The line goes to `counts`.
pub(crate) fn check(counts: &mut Vec<String>) -> Result<(), Failure> {
    let lines = measure()?;
    counts.push(lines.summary());
    judge(&lines)
}

fn judge(lines: &Lines) -> Result<(), Failure> {
    if lines.permille() >= LEAST_PERMILLE {
        return Ok(());
    }
    Err(Failure::step("reaching 97 percent of the core (`cargo xtask coverage` names the lines)"))
}

fn measure() -> Result<Lines, Failure> {
    let tool = COVERAGE.ensure()?;
    let folder = paths::target().join("coverage");
    let profiles = folder.join("profiles");
    if profiles.exists() {
        fs::remove_dir_all(&profiles).map_err(Failure::file("remove", &profiles))?;
    }
    let mut all = Lines::default();
    for (package, folder) in CRATES {
        let program = build(package)?;
        say(&format!("running the unit tests of {package} with counters"));
        let profiles = profiles.join(package);
        let mut tests = Command::new(&program);
        tests.arg("--quiet").stdout(Stdio::null());
        tests.env("LLVM_PROFILE_FILE", profiles.join("%p.profraw"));
        run(tests, "the unit tests with counters")?;
        let report = report(&tool, &program, &profiles)?;
        let lines = Lines::read(&report, &paths::root(), folder);
        if lines.total == 0 {
            return Err(Failure::step("reading the report of the coverage"));
        }
        all.add(lines);
    }
    Ok(all)
}

/// Builds the unit tests with the compiler's own counters, and says where they are. Only the crate itself has counters, so
/// that what it depends on need not be built again and stays fast.
fn build(package: &str) -> Result<PathBuf, Failure> {
    say(&format!("building the unit tests of {package} with counters"));
    let mut build = cargo(&["rustc", "--locked", "--quiet", "--package", package]);
    build.args(["--lib", "--profile", "test", "--message-format", "json-render-diagnostics"]);
    build.args(["--", "-Cinstrument-coverage", "-Copt-level=1"]).stderr(Stdio::inherit());
    let output = build.output().map_err(|error| cannot_start(&build, error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let program = text.lines().find_map(executable).filter(|_| output.status.success());
    program.ok_or_else(|| Failure::step("the build of the unit tests"))
}

/// `{"reason":"compiler-artifact", .., "executable":"/target/debug/deps/edgelatch_core-1a2b"}`
fn executable(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    message.get("executable")?.as_str().map(PathBuf::from)
}

fn report(tool: &Path, program: &Path, profiles: &Path) -> Result<String, Failure> {
    let mut show = Command::new(tool);
    show.args(["show", "--object"]).arg(program);
    let entries = fs::read_dir(profiles).map_err(Failure::file("read", profiles))?;
    for entry in entries.flatten() {
        show.arg("--instr-profile").arg(entry.path());
    }
    let output = show.output().map_err(|error| cannot_start(&show, error))?;
    if !output.status.success() {
        say(&String::from_utf8_lossy(&output.stderr));
        return Err(Failure::step("reading the counters"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

const CRATES: [(&str, &str); 2] =
    [("edgelatch-core", "src/core"), ("edgelatch-signatures", "src/signatures")];

/// 97 percent.
const LEAST_PERMILLE: usize = 970;

/// Reads the counters without the tools of LLVM, which have to be of the compiler's own version.
const COVERAGE: Tool = Tool { program: "cov", package: "llvm_profparser", version: "0.15.0" };
