//! `edgelatch policy`: what the edges will do, before they do it.

mod check;
mod document;
mod explain;
mod import;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Check a policy document, explain a decision, import a policy from another gateway
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Explain(explain::Arguments),
    Import(import::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Check(arguments) => check::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Import(arguments) => import::run(arguments),
    }
}
