//! Writes the JavaScript and the types by which a module built for `wasm-bindgen` is called, and the module without
//! what only the writing needed: `edgelatch-bindgen MODULE FOLDER NAME`.
//!
//! A program of its own, so that `cargo xtask` itself stays quick to build. A library of the same version as the crate
//! in the module, since both must agree on a format that changes with every version.

use std::env;
use std::io::{self, Write as _};
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        return fail("usage: edgelatch-bindgen MODULE FOLDER NAME");
    };
    match generate(module, folder, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => fail(&format!("cannot write the JavaScript for {module}: {reason}")),
    }
}

fn generate(module: &str, folder: &str, name: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).typescript(true);
    // With a default path, bundlers would find the module a second time and ship it twice.
    bindgen.omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    // Of all targets the one that takes a compiled module and returns at once: a Worker may compile nothing.
    bindgen.web(true).and_then(|bindgen| bindgen.generate(folder)).map_err(chain)
}

/// With every cause, since the outermost says only which step it was.
fn chain(error: impl core::fmt::Display) -> String {
    format!("{error:#}")
}

fn fail(message: &str) -> ExitCode {
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(io::stderr(), "error: {message}");
    ExitCode::FAILURE
}
