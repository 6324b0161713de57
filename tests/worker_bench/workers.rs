//! All rows of workerd in turn, several times over, so that whatever disturbs the machine for a while disturbs all
//! alike.

use super::algorithm::Algorithm;
use super::ground::Ground;
use super::load::Until;
use super::rows::{ROWS, Row, Worker};
use super::settings::{KNOWN, Settings};
use super::statistics::Figures;
use super::traffic::{self, Admitted, Traffic};
use super::workerd::Workerd;
use super::{Failure, say};

/// Measures the chosen rows.
pub(crate) fn measure(settings: &Settings, ground: &Ground) -> Result<Figures, Failure> {
    let paths = ["/orders/17".to_owned()];
    let chosen = ROWS.iter().filter(|row| settings.wants(row.key));
    let mut lanes: Vec<Lane<'_>> = chosen.map(|row| Lane::new(*row, ground, &paths)).collect();
    if lanes.is_empty() {
        return Ok(Figures::new());
    }
    let mut workerd = Workerd::start(ground)?;
    prove(&mut workerd, ground)?;
    for lane in &mut lanes {
        lane.warm_up(&mut workerd, settings)?;
    }
    for round in 1..=settings.rounds {
        say(&format!("round {round} of {} in workerd", settings.rounds));
        for lane in &mut lanes {
            lane.measure(&mut workerd, settings)?;
        }
    }
    Ok(lanes.into_iter().map(|lane| (lane.row.key, lane.figures)).collect())
}

/// A Worker that checks nothing would be the fastest: each has to refuse a forged token, and a request without one.
fn prove(workerd: &mut Workerd, ground: &Ground) -> Result<(), Failure> {
    let guarded = Worker::ALL.into_iter().filter(|worker| *worker != Worker::Empty);
    for worker in guarded {
        for algorithm in Algorithm::ALL {
            let (sound, forged) = ground.proof(algorithm)?;
            for (token, status) in [(forged.as_str(), 401), ("", 401), (sound.as_str(), 200)] {
                workerd.send(worker, &mut One { token, status }, Until::Requests(1))?;
            }
        }
    }
    Ok(())
}

/// One request, and the answer that it must get.
struct One<'a> {
    token: &'a str,
    status: u16,
}

impl Traffic for One<'_> {
    fn next(&mut self, bytes: &mut Vec<u8>) -> u16 {
        traffic::write(bytes, "/orders/17", self.token);
        self.status
    }
}

/// One row on its way through the rounds.
struct Lane<'a> {
    row: Row,
    traffic: Admitted<'a>,
    /// CPU microseconds per request, one figure for each round.
    figures: Vec<f64>,
}

impl<'a> Lane<'a> {
    fn new(row: Row, ground: &'a Ground, paths: &'a [String]) -> Self {
        let tokens = match row.worker {
            Worker::OursNew => ground.tokens.of(row.algorithm),
            _ => ground.known(row.algorithm),
        };
        Self { row, traffic: Admitted::new(tokens, paths), figures: Vec::new() }
    }

    /// The Worker sees every token that will come again, and V8 compiles what is hot.
    fn warm_up(&mut self, workerd: &mut Workerd, settings: &Settings) -> Result<(), Failure> {
        say(&format!("warming up {}", self.row.key));
        let requests = settings.warm_up.max(u32::try_from(KNOWN)?);
        workerd.send(self.row.worker, &mut self.traffic, Until::Requests(requests))?;
        Ok(())
    }

    fn measure(&mut self, workerd: &mut Workerd, settings: &Settings) -> Result<(), Failure> {
        let until = match self.row.worker {
            Worker::OursNew => Until::Requests(settings.new_tokens),
            _ => Until::Elapsed(settings.window),
        };
        self.figures.push(workerd.measure(self.row.worker, &mut self.traffic, until)?);
        Ok(())
    }
}
