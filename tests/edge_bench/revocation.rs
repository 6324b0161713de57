//! How long it takes until a client that was disabled is refused: the real issuer, the real command, a real Envoy with
//! two workers.

use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::{Client, Issuer};

use super::Failure;
use super::guarded::Guarded;

/// Milliseconds from the start of `edgelatch client disable` to the refusal by the later of both workers, for each of
/// so many clients.
pub(crate) fn measure(clients: u32, folder: &Path) -> Result<Vec<f64>, Failure> {
    let mut guarded = Guarded::start(folder)?;
    let registered: Vec<Client> =
        (0..clients).map(|number| guarded.register(number)).collect::<Result<_, _>>()?;
    if let Some(last) = registered.last() {
        wait_until_known(&guarded, last)?;
    }
    let pauses = (1..).map(pause);
    registered.iter().zip(pauses).map(|(client, pause)| one(&mut guarded, client, pause)).collect()
}

/// Pauses that fall anywhere in the seconds of the clock. Without them every round would begin right after the news of
/// the last one, and meet issuer and edge always in the same state.
fn pause(number: u32) -> Duration {
    // Steps of the golden ratio spread evenly, however many there are.
    Duration::from_millis(u64::from(number) * 927 % 1_500)
}

fn one(guarded: &mut Guarded, client: &Client, pause: Duration) -> Result<f64, Failure> {
    let token = guarded.token(client)?;
    wait_for(guarded, &token, 200)?;
    thread::sleep(pause);
    let start = Instant::now();
    let command = disable(&guarded.issuer, client)?;
    wait_for(guarded, &token, 401)?;
    let took = start.elapsed().as_secs_f64() * 1_000.0;
    finish(command)?;
    Ok(took)
}

/// The issuer runs already, so it hears of new clients a moment later, and of the last one last.
fn wait_until_known(guarded: &Guarded, client: &Client) -> Result<(), Failure> {
    let deadline = Instant::now() + PATIENCE;
    while let Err(error) = guarded.token(client) {
        if Instant::now() > deadline {
            return Err(error);
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// Returns when both workers have given this answer.
fn wait_for(guarded: &mut Guarded, token: &str, status: u16) -> Result<(), Failure> {
    let deadline = Instant::now() + PATIENCE;
    for worker in &mut guarded.workers {
        while worker.ask(token)? != status {
            if Instant::now() > deadline {
                return Err(format!("a worker did not come to {status} in {PATIENCE:?}").into());
            }
            thread::sleep(PAUSE);
        }
    }
    Ok(())
}

fn disable(issuer: &Issuer, client: &Client) -> Result<Child, Failure> {
    let mut command = issuer.change_client("disable", &client.client_id)?;
    Ok(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?)
}

fn finish(mut command: Child) -> Result<(), Failure> {
    if command.wait()?.success() { Ok(()) } else { Err("`client disable` failed".into()) }
}

/// Between two questions to the same worker: it has other things to do.
const PAUSE: Duration = Duration::from_millis(1);
const PATIENCE: Duration = Duration::from_secs(30);
