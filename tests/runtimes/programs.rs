//! Where the tools are that `www/package.json` names.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use edgelatch_tests::lab;

/// The folder with the tools.
pub(crate) fn modules() -> PathBuf {
    let modules = lab::repository().join("www/node_modules");
    assert!(
        modules.is_dir(),
        "{} is not there: run the tests by `cargo xtask test`",
        modules.display()
    );
    modules
}

/// A command that runs a script of a package.
pub(crate) fn script(path: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(modules().join(path));
    node
}

/// The program in the one package of `scope` that is for this machine. The script beside it, which would choose it,
/// needs a step of npm that is not run.
pub(crate) fn binary(scope: &str, path: &str) -> PathBuf {
    let folder = modules().join(scope);
    let packages =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut programs = packages.filter_map(|package| Some(package.ok()?.path().join(path)));
    programs.find(|program| program.is_file()).expect(path)
}

/// Runs a program to its end. What it says on standard output; what it says otherwise is why it failed.
pub(crate) fn answer(mut command: Command, input: &str) -> String {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // A program that ends early says itself why.
        scope.spawn(move || stdin.write_all(input.as_bytes()));
        child.wait_with_output().unwrap()
    });
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} ended with {}:\n{complaint}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Bundles `entry` in `folder` for a kind of runtime.
pub(crate) fn bundle(folder: &Path, entry: &str, out: &str, arguments: &[&str]) -> PathBuf {
    let mut esbuild = script("esbuild/bin/esbuild");
    esbuild.current_dir(folder).args([entry, "--bundle", "--format=esm", "--target=es2022"]);
    esbuild.args(["--loader:.wasm=copy", "--asset-names=[name]", "--log-level=warning"]);
    esbuild.args(arguments).arg(format!("--outfile={out}"));
    lab::run(esbuild).unwrap();
    folder.join(out)
}
