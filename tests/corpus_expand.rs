//! Prints the expanded corpus as JSON, for hosts that replay it elsewhere.

use std::io::{self, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    match print() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print() -> Result<(), Box<dyn core::error::Error>> {
    let corpus = edgelatch_tests::corpus::load()?;
    let mut output = io::stdout().lock();
    serde_json::to_writer_pretty(&mut output, &corpus)?;
    writeln!(output)?;
    Ok(())
}
