//! One row on its way through the rounds.

use super::Failure;
use super::edge::Edge;
use super::load::Until;
use super::rows::{EdgeKind, Row, Sent};
use super::settings::Settings;
use super::tokens::Tokens;
use super::traffic::Admitted;

/// A row, and where its tokens stand.
pub(crate) struct Lane<'a> {
    pub(crate) row: Row,
    traffic: Admitted<'a>,
    is_warm: bool,
}

impl<'a> Lane<'a> {
    pub(crate) fn new(row: Row, tokens: &'a Tokens, paths: &'a Paths) -> Self {
        let minted = tokens.of(row.algorithm);
        let sent = match row.tokens {
            Sent::Again(count) => minted.get(..count).unwrap_or(minted),
            Sent::New => minted,
        };
        let traffic = Admitted::new(sent, paths.of(row.edge));
        Self { row, traffic, is_warm: false }
    }

    /// One window: CPU microseconds per request. Before the first one the Envoy sees every token that will come again,
    /// and compiles what is hot.
    pub(crate) fn measure(&mut self, edge: &mut Edge, settings: &Settings) -> Result<f64, Failure> {
        if !self.is_warm {
            let until = Until::Requests(self.warm_up(settings)?);
            edge.send(&mut self.traffic, until)?;
            self.is_warm = true;
        }
        let until = match self.row.tokens {
            Sent::Again(_) => Until::Elapsed(settings.window),
            Sent::New => Until::Requests(settings.new_tokens),
        };
        edge.measure(&mut self.traffic, until)
    }

    fn warm_up(&self, settings: &Settings) -> Result<u32, Failure> {
        Ok(match self.row.tokens {
            // Twice each: ours keeps a token when it comes for the second time.
            Sent::Again(count) => u32::try_from(2 * count)?.max(settings.warm_up),
            Sent::New => settings.warm_up,
        })
    }
}

/// The paths that are asked for.
pub(crate) struct Paths {
    one: Vec<String>,
    first_service: Vec<String>,
    services: Vec<String>,
}

impl Paths {
    pub(crate) fn new() -> Self {
        Self {
            one: vec!["/orders/17".to_owned()],
            first_service: super::policy::paths(1),
            services: super::policy::paths(10_000),
        }
    }

    fn of(&self, edge: EdgeKind) -> &[String] {
        match edge {
            EdgeKind::OursRoutes(1) => &self.first_service,
            EdgeKind::OursRoutes(_) => &self.services,
            _ => &self.one,
        }
    }
}
