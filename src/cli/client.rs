//! `edgelatch client`.

mod add;
mod list;
mod show;
mod switch;

use clap::{Args, Subcommand};

use crate::failure::Failure;

/// Register programs and say what they may have
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Add(add::Arguments),
    List(list::Arguments),
    Show(show::Arguments),
    /// Give a client no more tokens; a running issuer obeys within a second
    Disable(switch::Arguments),
    /// Give a disabled client tokens again
    Enable(switch::Arguments),
    /// Forget a client and its secrets
    Remove(switch::Arguments),
}

pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Add(arguments) => add::run(arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Show(arguments) => show::run(&arguments),
        Command::Disable(arguments) => switch::run(&arguments, switch::Change::Disable),
        Command::Enable(arguments) => switch::run(&arguments, switch::Change::Enable),
        Command::Remove(arguments) => switch::run(&arguments, switch::Change::Remove),
    }
}
