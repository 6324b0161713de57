//! All rows in turn, several times over, so that whatever disturbs the machine for a while disturbs all alike. With
//! other processes after some rounds: where the memory and the code of one happen to lie makes as much of a difference
//! as what is measured.

use super::fleet::Fleet;
use super::ground::Ground;
use super::lane::{Lane, Paths};
use super::rows::{EdgeKind, ROWS};
use super::settings::Settings;
use super::statistics::Figures;
use super::{Failure, say};

/// Measures the chosen rows; returns Envoy's version, too.
pub(crate) fn run(settings: &Settings, ground: &Ground) -> Result<(String, Figures), Failure> {
    let mut figures = Figures::new();
    let mut version = String::new();
    for start in 1..=settings.starts {
        say(&format!("Envoys of start {start} of {}", settings.starts));
        version = run_once(settings, ground, &mut figures)?;
    }
    Ok((version, figures))
}

/// Some rounds with the same Envoys.
fn run_once(
    settings: &Settings,
    ground: &Ground,
    figures: &mut Figures,
) -> Result<String, Failure> {
    let paths = Paths::new();
    let mut fleet = Fleet::new(ground);
    let chosen = ROWS.iter().filter(|row| settings.wants(row.key));
    let mut lanes: Vec<Lane<'_>> =
        chosen.map(|row| Lane::new(*row, &ground.tokens, &paths)).collect();
    for round in 1..=settings.rounds {
        say(&format!("round {round} of {}", settings.rounds));
        for lane in &mut lanes {
            let edge = fleet.get(lane.row.edge)?;
            let figure = lane
                .measure(edge, settings)
                .map_err(|error| format!("{}: {error}", lane.row.key))?;
            figures.entry(lane.row.key).or_default().push(figure);
        }
    }
    fleet.get(EdgeKind::NoFilter)?.version()
}
