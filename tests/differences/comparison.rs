//! Every request to both sides.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use super::bootstrap::{self, OURS, PEER, Places};
use super::requests::{Hostile, NOW, Requests};
use super::verdict::Verdict;
use crate::corpus::{CorpusError, KeySets, listener_addresses};
use crate::lab::{self, Clock, Envoy, EnvoyOptions, Upstream, http};

/// What both sides said to each request, sorted by the lines of the threat list.
#[derive(Debug)]
pub struct Comparison {
    pub(super) rows: Vec<Row>,
}

/// One request and both verdicts.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) family: String,
    pub(super) words: String,
    pub(super) ours: Verdict,
    pub(super) peer: Verdict,
}

impl Comparison {
    /// How many requests were sent to each side.
    pub fn requests(&self) -> usize {
        self.rows.len()
    }

    /// How many got through on one side only.
    pub fn differing(&self) -> usize {
        self.rows.iter().filter(|row| row.differs()).count()
    }
}

impl Row {
    pub(super) fn differs(&self) -> bool {
        self.ours.is_accepted != self.peer.is_accepted
    }
}

/// Starts Envoy, its files in `folder`, and sends everything.
pub fn compare(folder: &Path) -> Result<Comparison, CorpusError> {
    let requests = Requests::load()?;
    let stage = Stage::start(&requests, folder)?;
    let mut rows = Vec::new();
    for hostile in &requests.all {
        let at = |error: CorpusError| error.at(&hostile.words);
        rows.push(Row {
            family: hostile.family.clone(),
            words: hostile.words.clone(),
            ours: stage.ask(OURS, hostile).map_err(at)?,
            peer: stage.ask(PEER, hostile).map_err(at)?,
        });
    }
    // The sort is stable: within a line, the order of the corpus and of the families.
    rows.sort_by(|one, other| one.family.cmp(&other.family));
    Ok(Comparison { rows })
}

/// The processes. Those with an underscore only have to live.
struct Stage {
    addresses: BTreeMap<String, SocketAddr>,
    _envoy: Envoy,
    _key_sets: KeySets,
    _upstream: Upstream,
}

impl Stage {
    fn start(requests: &Requests, folder: &Path) -> Result<Self, CorpusError> {
        let upstream = Upstream::start().map_err(CorpusError::new)?;
        let key_sets = KeySets::serve(&requests.corpus).map_err(CorpusError::new)?;
        let filter = lab::filter().map_err(CorpusError::new)?;
        let clock = Clock::create(folder.join("clock")).map_err(CorpusError::new)?;
        clock.set(NOW).map_err(CorpusError::new)?;
        let places =
            Places { filter: &filter, upstream: upstream.address, key_sets: key_sets.address };
        let envoy = Envoy::start(&EnvoyOptions {
            config: bootstrap::config(&requests.policies, places),
            clock: Some(&clock),
            concurrency: 1,
            log: folder.join("envoy.log"),
        })
        .map_err(CorpusError::new)?;
        let addresses = listener_addresses(&envoy)?;
        Ok(Self { addresses, _envoy: envoy, _key_sets: key_sets, _upstream: upstream })
    }

    fn ask(&self, side: &str, hostile: &Hostile) -> Result<Verdict, CorpusError> {
        let name = format!("{side}: {}", hostile.policy);
        let address = self.addresses.get(&name).copied();
        let missing = || CorpusError::new(format!("Envoy has no listener {name}"));
        let address = address.ok_or_else(missing)?;
        let response = http::exchange_from(hostile.source, address, &hostile.wire);
        Verdict::of(&response.map_err(CorpusError::new)?)
    }
}
