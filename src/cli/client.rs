//! `edgelatch client`.

mod add;
mod history;
mod list;
mod rights;
mod secret;
mod show;
mod switch;

use clap::{Args, Subcommand};
use edgelatch_issuer::Right;

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
    /// Give a client no more tokens; those it has stop working within a second
    Disable(switch::Arguments),
    /// Give a disabled client tokens again; old ones stay dead
    Enable(switch::Arguments),
    /// Forget a client and its secrets; its tokens stop working within a second
    Remove(switch::Arguments),
    /// Make all tokens of a client stop working within a second; it may ask for new ones at once
    RevokeTokens(switch::Arguments),
    /// Change the scopes that a client may ask for
    Scope(rights::Arguments),
    /// Change the APIs that a client may ask for, the audiences of its tokens
    Resource(rights::Arguments),
    Secret(secret::Arguments),
    History(history::Arguments),
}

pub(crate) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Add(arguments) => add::run(arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Show(arguments) => show::run(&arguments),
        Command::Disable(arguments) => switch::run(&arguments, switch::Change::Disable),
        Command::Enable(arguments) => switch::run(&arguments, switch::Change::Enable),
        Command::Remove(arguments) => switch::run(&arguments, switch::Change::Remove),
        Command::RevokeTokens(arguments) => switch::run(&arguments, switch::Change::RevokeTokens),
        Command::Scope(arguments) => rights::run(arguments, Right::Scope),
        Command::Resource(arguments) => rights::run(arguments, Right::Resource),
        Command::Secret(arguments) => secret::run(&arguments),
        Command::History(arguments) => history::run(&arguments),
    }
}
