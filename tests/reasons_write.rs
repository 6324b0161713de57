//! Prints the reasons of the core for the npm package: `www/package/reasons.ts`.

use std::io::{self, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    match io::stdout().lock().write_all(edgelatch_tests::reasons::typescript().as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
