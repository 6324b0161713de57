//! What happens to a service over the years, within seconds: a new signing key, an issuer that is down, a client that is
//! disabled.

use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::{Client, Issuer, LabError, http, program, rotate_signing_key, run};
use serde_json::Value;

use crate::forgery;
use crate::stage::{Stage, loopback};
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
    wait_until("the issuer publishes the new key", || Ok(published_keys(stage)? == 2))?;
    // For so long, what an isolate left in the cache counts as new.
    thread::sleep(Duration::from_secs(2));
    let before = stage.front.count(KEY_SET);
    let new = token(stage, &stage.clients.reader)?;
    let began = Instant::now();
    play(stage, table, stage.ports.api, &read("new signing key", &new, 200, PASSED))?;
    let fetches = stage.front.count(KEY_SET) - before;
    // On a busy machine a request fetches for itself after a second.
    let most = began.elapsed().as_secs() + 1;
    let text = format!("the key set was fetched {fetches} time(s) for it");
    table.measured(&text, (1..=most).contains(&u64::try_from(fetches).unwrap_or(u64::MAX)));
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
    // The longer an outage lasts, the later the first look after it. What comes next is not about that.
    let (before, scene) = (stage.front.count(LIST), read("", &tokens.reader, 200, PASSED));
    wait_until("the list is fetched again", || {
        take::shoot(stage, api, &scene)?;
        Ok(stage.front.count(LIST) > before)
    })
}

/// Access is taken away. How long the tokens that are out still pass: on a busy machine the best of a few tries counts.
pub(crate) fn revocation(
    stage: &mut Stage,
    table: &mut Table<impl Write>,
    tokens: &Tokens,
) -> Result<(), LabError> {
    let Some(issuer) = &stage.issuer else { return Ok(()) };
    let mut token = tokens.reader.clone();
    let mut left = TRIES;
    loop {
        let scene = read("disabled client", &token, 401, "rev.hit");
        run(issuer.change_client("disable", &stage.clients.reader.client_id)?)?;
        let disabled = Instant::now();
        let take = until_refused(stage, &scene, disabled)?;
        let time = disabled.elapsed();
        token = give_back(stage, issuer)?;
        left -= 1;
        if time < PROMISE || left == 0 {
            table.row(&scene, &take);
            let text = format!("refused {} ms after it was disabled", milliseconds(time));
            table.measured(&text, time < PROMISE);
            return Ok(());
        }
    }
}

/// The client gets tokens again, of which this is one: for the next try, or for whoever tries it by hand.
fn give_back(stage: &Stage, issuer: &Issuer) -> Result<String, LabError> {
    let reader = &stage.clients.reader;
    run(issuer.change_client("enable", &reader.client_id)?)?;
    wait_until("the client gets tokens again", || Ok(token(stage, reader).is_ok()))?;
    let token = token(stage, reader)?;
    let scene = read("", &token, 200, PASSED);
    wait_until("its tokens are good", || {
        Ok(take::shoot(stage, stage.ports.api, &scene)?.status == scene.status)
    })?;
    Ok(token)
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

fn published_keys(stage: &Stage) -> Result<usize, LabError> {
    let document = http::get(loopback(stage.ports.issuer), KEY_SET)?.json()?;
    Ok(document.get("keys").and_then(Value::as_array).map_or(0, Vec::len))
}

fn wait_until(
    what: &str,
    mut is_so: impl FnMut() -> Result<bool, LabError>,
) -> Result<(), LabError> {
    let began = Instant::now();
    while !is_so()? {
        if began.elapsed() > LIMIT {
            return Err(LabError::Answer { what: format!("waited too long until {what}") });
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
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
const LIST: &str = "/status-list";
const LIMIT: Duration = Duration::from_mins(1);
const TRIES: usize = 3;

/// A second until the issuer knows it, a second for which a list is used, and half of one for this machine.
const PROMISE: Duration = Duration::from_millis(2_500);
