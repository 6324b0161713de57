//! What happens to a service over the years, within seconds: a new signing key, an issuer that is down, a client that is
//! disabled.

use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::{Client, Issuer, LabError, program, rotate_signing_key, run};

use crate::forgery;
use crate::stage::Stage;
use crate::story::{PASSED, Scene};
use crate::table::{Table, milliseconds};
use crate::take::{self, Take};
use crate::tokens::Tokens;

/// The issuer signs with a new key: its tokens are good at once, and those of the old key stay good.
pub(crate) fn rotation(
    stage: &mut Stage,
    table: &mut Table<impl Write>,
    tokens: &Tokens,
) -> Result<(), LabError> {
    rotate_signing_key(&stage.issuer_data(), &stage.issuer_url)?;
    thread::sleep(Duration::from_secs(2));
    let before = stage.front.count(KEY_SET);
    let new = token(stage, &stage.clients.reader)?;
    play(stage, table, stage.ports.api, &read("new signing key", &new, 200, PASSED))?;
    let fetches = stage.front.count(KEY_SET) - before;
    table.measured(&format!("the key set was fetched {fetches} time(s) for it"), fetches == 1);
    play(stage, table, stage.ports.api, &read("token of the old key", &tokens.reader, 200, PASSED))
}

/// Nobody answers at the issuer. Good tokens pass, also where none was ever seen; others do not.
pub(crate) fn outage(
    stage: &mut Stage,
    table: &mut Table<impl Write>,
    tokens: &Tokens,
) -> Result<(), LabError> {
    stage.issuer = None;
    let unknown = forgery::with_unknown_key(&tokens.reader);
    let (api, cold) = (stage.ports.api, stage.cold);
    play(stage, table, api, &read("issuer down", &tokens.reader, 200, PASSED))?;
    play(stage, table, api, &read("issuer down, unknown key", &unknown, 401, "key.unknown"))?;
    play(stage, table, cold, &read("issuer down, cold isolate", &tokens.reader, 200, PASSED))?;
    stage.issuer = Some(Issuer::serve(&stage.issuer_data())?);
    Ok(())
}

/// Access is taken away. How long the tokens that are out still pass.
pub(crate) fn revocation(
    stage: &mut Stage,
    table: &mut Table<impl Write>,
    tokens: &Tokens,
) -> Result<(), LabError> {
    let Some(issuer) = &stage.issuer else { return Ok(()) };
    run(issuer.change_client("disable", &stage.clients.reader.client_id)?)?;
    let disabled = Instant::now();
    let scene = read("disabled client", &tokens.reader, 401, "rev.hit");
    let take = until_refused(stage, &scene, disabled)?;
    let time = disabled.elapsed();
    table.row(&scene, &take);
    let text = format!("refused {} ms after it was disabled", milliseconds(time));
    table.measured(&text, time < PROMISE);
    Ok(())
}

/// Asks as a busy client would.
fn until_refused(stage: &Stage, scene: &Scene, since: Instant) -> Result<Take, LabError> {
    loop {
        let take = take::shoot(stage, stage.ports.api, scene)?;
        if take.status != 200 || since.elapsed() > 2 * PROMISE {
            return Ok(take);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// A token for a client, as the program would get it.
pub(crate) fn token(stage: &Stage, client: &Client) -> Result<String, LabError> {
    let mut command = Command::new(program()?);
    command.args(["token", "--issuer", &stage.issuer_url, "--client-id", &client.client_id]);
    command.env("EDGELATCH_CLIENT_SECRET", &client.client_secret);
    Ok(run(command)?.trim().to_owned())
}

fn play(
    stage: &Stage,
    table: &mut Table<impl Write>,
    port: u16,
    scene: &Scene,
) -> Result<(), LabError> {
    let take = take::shoot(stage, port, scene)?;
    table.row(scene, &take);
    Ok(())
}

fn read(title: &'static str, token: &str, status: u16, reason: &'static str) -> Scene {
    let headers = vec![("authorization", format!("Bearer {token}").into_bytes())];
    Scene { title, method: "GET", path: "/orders/17", headers, status, reason, shown: None }
}

const KEY_SET: &str = "/.well-known/jwks.json";

/// A second until the issuer knows it, a second for which a list is used, and half of one for this machine.
const PROMISE: Duration = Duration::from_millis(2_500);
