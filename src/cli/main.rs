//! `edgelatch`: the one program of an operator.
//!
//! ```text
//!  init     make an issuer: configuration, database, master key, first signing key
//!  serve    run it:         POST /oauth2/token, /revoke, status list, metadata, key set, health
//!  client   who may ask:    add, list, show, disable, enable, remove, history
//!           for what:       scope, resource, secret, revoke-tokens
//!  key      what signs:     list
//!  token    ask for one:    discovers the endpoint, prints the token and nothing else
//!  policy   what edges do:  check a document, explain a decision, import from another gateway
//! ```
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 the
//! issuer says no or cannot be reached, 2 a mistake in configuration or usage, with
//! one line that says what, where and what to do.

mod client;
mod failure;
mod folder;
mod init;
mod key;
mod output;
mod policy;
mod runtime;
mod serve;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Machine-to-machine access control at the edge
#[derive(Parser)]
#[command(name = "edgelatch", version, propagate_version = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Arguments),
    Serve(serve::Arguments),
    Client(client::Arguments),
    Key(key::Arguments),
    Token(token::Arguments),
    Policy(policy::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Init(arguments) => init::run(arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Client(arguments) => client::run(arguments),
        Command::Key(arguments) => key::run(&arguments),
        Command::Token(arguments) => token::run(&arguments),
        Command::Policy(arguments) => policy::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
