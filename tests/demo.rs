//! The demo: a real issuer, a real Envoy with the filter, an upstream, and a story of requests that are admitted or
//! refused. Started by `cargo xtask demo`.
//!
//! With `--check` the exit code says whether every row was as expected; without it everything stays up until Ctrl-C.

#[path = "demo/forgery.rs"]
mod forgery;
#[path = "demo/stage.rs"]
mod stage;
#[path = "demo/story.rs"]
mod story;
#[path = "demo/table.rs"]
mod table;
#[path = "demo/take.rs"]
mod take;
#[path = "demo/tokens.rs"]
mod tokens;

use std::io::{self, Write};
use std::process::ExitCode;

use edgelatch_tests::lab::{LabError, Shipped};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use stage::Stage;

fn main() -> ExitCode {
    let is_check = std::env::args().any(|argument| argument == "--check");
    match play(is_check) {
        Ok(Outcome::AsExpected) => ExitCode::SUCCESS,
        Ok(Outcome::Otherwise) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "demo: {error}");
            ExitCode::FAILURE
        }
    }
}

enum Outcome {
    AsExpected,
    Otherwise,
}

fn play(is_check: bool) -> Result<Outcome, LabError> {
    // Whoever tries it by hand finds it where the documentation says; a check must not meet what runs there.
    let ports = if is_check { Shipped::on_free_ports() } else { Shipped::on_its_ports() };
    let mut stage = Stage::set_up(ports?)?;
    let tokens = tokens::Tokens::fetch(&stage)?;
    tokens.wait_for_expiry();

    let mut out = io::stdout().lock();
    table::head(&mut out, &stage);
    let mut wrong = 0;
    for scene in story::scenes(&tokens) {
        let take = take::shoot(&mut stage, &scene)?;
        table::row(&mut out, &scene, &take);
        wrong += usize::from(!take.is_as_expected(&scene));
    }
    table::foot(&mut out, wrong, &stage);

    if wrong > 0 {
        stage.keep_logs();
        return Ok(Outcome::Otherwise);
    }
    if !is_check {
        table::invitation(&mut out, &stage, &tokens);
        wait_for_interrupt()?;
    }
    Ok(Outcome::AsExpected)
}

fn wait_for_interrupt() -> Result<(), LabError> {
    let signals = Signals::new([SIGINT, SIGTERM]);
    let mut signals =
        signals.map_err(|error| LabError::Io { doing: "wait for Ctrl-C".into(), error })?;
    let _ = signals.forever().next();
    Ok(())
}
