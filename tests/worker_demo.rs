//! The demo on Workers: a real issuer, the gateway in the real workerd, an upstream, and a story of requests that are
//! admitted or refused. Started by `cargo xtask demo --worker`.
//!
//! With `--check` the exit code says whether every row was as expected; without it everything stays up until Ctrl-C.

#[path = "worker_demo/acts.rs"]
mod acts;
#[path = "demo/forgery.rs"]
mod forgery;
#[path = "worker_demo/stage.rs"]
mod stage;
#[path = "demo/story.rs"]
mod story;
#[path = "worker_demo/table.rs"]
mod table;
#[path = "worker_demo/take.rs"]
mod take;
#[path = "demo/tokens.rs"]
mod tokens;

use std::io::{self, Write};
use std::process::ExitCode;

use edgelatch_tests::lab::{LabError, Shipped};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use stage::Stage;
use table::Table;
use tokens::Tokens;

fn main() -> ExitCode {
    let is_check = std::env::args().any(|argument| argument == "--check");
    match play(is_check) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "demo: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The number of rows that are not as expected.
fn play(is_check: bool) -> Result<usize, LabError> {
    // Whoever tries it by hand finds it where the documentation says; a check must not meet what runs there.
    let ports = if is_check { Shipped::on_free_ports() } else { Shipped::on_its_ports() };
    let mut stage = Stage::set_up(ports?)?;
    let tokens = Tokens::fetch(&stage)?;
    tokens.wait_for_expiry();

    let mut table = Table::begin(io::stdout().lock(), &stage);
    for scene in story::scenes(&tokens) {
        let take = take::shoot(&stage, stage.ports.api, &scene)?;
        table.row(&scene, &take);
    }
    acts::rotation(&mut stage, &mut table, &tokens)?;
    acts::outage(&mut stage, &mut table, &tokens)?;
    acts::revocation(&mut stage, &mut table, &tokens)?;
    let wrong = table.end(&stage);
    if wrong > 0 {
        stage.keep_logs();
    } else if !is_check {
        table.invitation(&stage)?;
        wait_for_interrupt()?;
    }
    Ok(wrong)
}

fn wait_for_interrupt() -> Result<(), LabError> {
    let signals = Signals::new([SIGINT, SIGTERM]);
    let mut signals =
        signals.map_err(|error| LabError::Io { doing: "wait for Ctrl-C".into(), error })?;
    let _ = signals.forever().next();
    Ok(())
}
