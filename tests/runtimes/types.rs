//! The types of the package, as programs meet them.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use edgelatch_tests::lab;

use super::installed::Installed;
use super::programs::{modules, script};

#[test]
fn say_what_compiles_and_what_does_not() {
    let installed = with_frameworks();
    for resolution in [&["nodenext"][..], &["esnext", "--moduleResolution", "bundler"]] {
        compile(&installed, &["package.ts", "adapters.ts"], resolution);
    }
}

/// `skipLibCheck` would hide what is wrong in the declarations themselves.
#[test]
fn are_without_errors_of_their_own() {
    let installed = with_frameworks();
    let entry = "export * from 'edgelatch';\nexport * as slim from 'edgelatch/slim';\n";
    fs::write(installed.path().join("entry.ts"), entry).unwrap();
    compile(&installed, &["entry.ts"], &["nodenext", "--skipLibCheck", "false"]);
}

#[test]
fn fit_the_gateway() {
    let mut compiler = script("typescript/bin/tsc");
    compiler.current_dir(lab::repository().join("www")).args(["--project", "worker", "--noEmit"]);
    lab::run(compiler).unwrap();
}

/// What is in the folder of the tools is in that of the program as well, but for the package, which is installed.
fn with_frameworks() -> Installed {
    let installed = Installed::bare();
    let place = installed.path().join("node_modules");
    for entry in fs::read_dir(modules()).unwrap() {
        let entry = entry.unwrap();
        let target = place.join(entry.file_name());
        if !target.exists() {
            symlink(entry.path(), target).unwrap();
        }
    }
    for name in ["package.ts", "adapters.ts"] {
        let source = lab::repository().join("tests/runtimes/types").join(name);
        fs::copy(source, installed.path().join(name)).unwrap();
    }
    installed
}

fn compile(installed: &Installed, files: &[&str], module: &[&str]) {
    let mut compiler: Command = script("typescript/bin/tsc");
    compiler
        .current_dir(installed.path())
        .args(files)
        .args(["--noEmit", "--strict", "--target", "es2022"]);
    compiler.args(["--lib", "es2022,dom,dom.iterable", "--types", "node"]);
    compiler.args(["--exactOptionalPropertyTypes", "--skipLibCheck", "--module"]).args(module);
    lab::run(compiler).unwrap();
}
