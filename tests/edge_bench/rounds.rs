//! All rows in turn, several times over, so that whatever disturbs the machine for a while disturbs all alike.

use super::fleet::Fleet;
use super::ground::Ground;
use super::lane::{Lane, Paths};
use super::rows::{EdgeKind, ROWS};
use super::settings::Settings;
use super::statistics::Figures;
use super::{Failure, say};

/// Measures the chosen rows; returns Envoy's version, too.
pub(crate) fn run(settings: &Settings, ground: &Ground) -> Result<(String, Figures), Failure> {
    let paths = Paths::new();
    let mut fleet = Fleet::new(ground);
    let chosen = ROWS.iter().filter(|row| settings.wants(row.key));
    let mut lanes: Vec<Lane<'_>> =
        chosen.map(|row| Lane::new(*row, &ground.tokens, &paths)).collect();
    for round in 1..=settings.rounds {
        say(&format!("round {round} of {}", settings.rounds));
        for lane in &mut lanes {
            let edge = fleet.get(lane.row.edge)?;
            lane.measure(edge, settings).map_err(|error| format!("{}: {error}", lane.row.key))?;
        }
    }
    let version = fleet.get(EdgeKind::NoFilter)?.version()?;
    Ok((version, lanes.into_iter().map(|lane| (lane.row.key, lane.figures)).collect()))
}
