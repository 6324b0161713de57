//! The instrumented program with all targets.

use std::env;
use std::path::PathBuf;

use crate::Failure;
use crate::paths;
use crate::run::{cargo, command, run, say, works};
use crate::targets;

/// Builds it and says where it is.
pub(crate) fn build() -> Result<PathBuf, Failure> {
    ensure_compiler()?;
    let host = targets::host()?;
    let folder = paths::target().join("fuzz");
    say("building the fuzz targets");
    let mut build = cargo(&["build", "--locked", "--quiet", "--package", "edgelatch-fuzz"]);
    build.args(["--features", "libfuzzer", "--profile", "fuzz"]);
    // With a target, the flags do not reach build scripts and macros, which nobody fuzzes.
    build.args(["--target", &host, "--target-dir"]).arg(&folder);
    build.env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTATION.join("\x1f"));
    run(build, "the build of the fuzz targets")?;
    Ok(folder.join(host).join("fuzz/edgelatch-fuzz"))
}

/// libFuzzer is compiled from the C++ that comes with its crate.
fn ensure_compiler() -> Result<(), Failure> {
    let mut compiler = command(env::var_os("CXX").unwrap_or_else(|| "c++".into()));
    compiler.arg("--version");
    if works(compiler) {
        return Ok(());
    }
    Err(Failure::Missing {
        program: "a C++ compiler (c++)",
        needed_for: "to build libFuzzer",
        install: "`apt install g++` or `xcode-select --install`",
    })
}

/// LLVM's own coverage for fuzzers: counters and places of every edge, and the operands of comparisons. Only the
/// sanitizers that usually come along need a nightly compiler, and without `unsafe` they would have little to find.
const INSTRUMENTATION: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
