//! All rows of Node.js in turn, several times over.

use std::collections::BTreeMap;
use std::fs;

use edgelatch_tests::lab::plain_p256;
use serde_json::{Map, Value, json};

use super::algorithm::Algorithm;
use super::ground::Ground;
use super::node_rows::{ROWS, Row, Sent};
use super::program::{Cost, Program};
use super::settings::{KNOWN, Settings};
use super::statistics::Figures;
use super::tokens::{AUDIENCE, ISSUER};
use super::{Failure, say};

/// Microseconds per call, one figure for each round.
#[derive(Debug, Default)]
pub(crate) struct Costs {
    /// Of all threads.
    pub(crate) cpu: Figures,
    pub(crate) wall: Figures,
}

impl Costs {
    fn add(&mut self, row: &'static str, cost: Cost) {
        self.cpu.entry(row).or_default().push(cost.cpu);
        self.wall.entry(row).or_default().push(cost.wall);
    }
}

/// Measures the chosen rows.
pub(crate) fn measure(settings: &Settings, ground: &Ground) -> Result<Costs, Failure> {
    let rows: Vec<Row> = ROWS.into_iter().filter(|row| settings.wants(row.key)).collect();
    write_ground(settings, ground)?;
    let mut programs = BTreeMap::new();
    for row in &rows {
        if !programs.contains_key(row.library) {
            programs.insert(row.library, Program::start(row.library, ground.folder())?);
        }
    }
    let mut costs = Costs::default();
    for round in 0..=settings.rounds {
        say(&format!("round {round} of {} on Node.js", settings.rounds));
        for row in &rows {
            let program = programs.get_mut(row.library).ok_or("no such program")?;
            if round == 0 {
                program.prove(row.key)?;
                warm_up(program, row, settings)?;
            } else {
                let (from, count) = slice(row, round, settings)?;
                costs.add(row.key, program.measure(row.key, from, count)?);
            }
        }
    }
    Ok(costs)
}

fn warm_up(program: &mut Program, row: &Row, settings: &Settings) -> Result<(), Failure> {
    let known = u32::try_from(KNOWN)?;
    match row.tokens {
        Sent::New => drop(program.measure(row.key, known, settings.first_calls)?),
        Sent::Known => {
            for _ in 0..20 {
                program.measure(row.key, 0, known)?;
            }
        }
    }
    Ok(())
}

/// The place and the number of the tokens for a round.
fn slice(row: &Row, round: u32, settings: &Settings) -> Result<(u32, u32), Failure> {
    let known = u32::try_from(KNOWN)?;
    Ok(match row.tokens {
        Sent::Known => (0, known),
        Sent::New => (known + settings.first_calls + (round - 1) * settings.calls, settings.calls),
    })
}

/// What the scripts are told.
fn write_ground(settings: &Settings, ground: &Ground) -> Result<(), Failure> {
    let count = settings.tokens_for_node()?;
    let (mut tokens, mut proofs) = (Map::new(), Map::new());
    for algorithm in [Algorithm::Es256, Algorithm::Ed25519] {
        let some = ground.tokens.of(algorithm).get(..count);
        tokens.insert(algorithm.name().to_owned(), json!(some));
        let (sound, forged) = ground.proof(algorithm)?;
        proofs.insert(algorithm.name().to_owned(), json!({ "sound": sound, "forged": forged }));
    }
    let told: Value = json!({
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "keySet": ground.key_set,
        "policy": ground.policy(),
        "plainModule": plain_p256()?,
        "tokens": tokens,
        "proofs": proofs,
    });
    fs::write(ground.folder().join("node.json"), told.to_string())?;
    Ok(())
}
