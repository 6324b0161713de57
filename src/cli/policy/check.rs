//! `edgelatch policy check`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::document::{Loaded, load};
use crate::failure::Failure;
use crate::output;

/// Check policy documents, YAML or JSON, as an edge would
#[derive(Args)]
pub(crate) struct Arguments {
    /// Policy documents
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut last_error = None;
    for file in &arguments.files {
        match load(file) {
            // A script that cannot be told must not go on as if all were well.
            Ok(loaded) => output::vital(&format!("{}: {}\n", file.display(), summary(&loaded)))
                .map_err(|error| Failure::output(&error))?,
            Err(error) => {
                // The earlier ones here, the last one as the failure of the command.
                if let Some(earlier) = last_error.replace(error) {
                    writeln!(io::stderr(), "edgelatch: {earlier}")?;
                }
            }
        }
    }
    last_error.map_or(Ok(()), |error| Err(Failure::Mistake(error)))
}

fn summary(loaded: &Loaded) -> String {
    let issuers = count(loaded.policy.issuers().count(), "issuer");
    let routes = count(loaded.policy.route_names().count(), "route");
    format!("ok, {issuers}, {routes}")
}

fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
