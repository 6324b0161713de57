//! The requests: those of the corpus that both sides can judge, and the systematic families.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use serde_json::Value;

use super::chain::Chain;
use super::families;
use crate::corpus::{CorpusError, Exchange, Expanded, ExpandedCase, Trial, load, wire_request};
use crate::minting::Keys;

/// The second in which everything happens.
pub(super) const NOW: u64 = 1_900_000_000;

/// One request.
#[derive(Debug)]
pub(super) struct Hostile {
    /// The line of the threat list.
    pub(super) family: String,
    /// What it is, in words.
    pub(super) words: String,
    /// The name of the policy.
    pub(super) policy: String,
    /// Where it comes from.
    pub(super) source: IpAddr,
    /// The bytes on the wire.
    pub(super) wire: Vec<u8>,
}

/// All requests, the policies that they need, and the key sets that these fetch.
#[derive(Debug)]
pub(super) struct Requests {
    pub(super) all: Vec<Hostile>,
    /// By name: the policy for our filter, and the same for Envoy's own ones.
    pub(super) policies: BTreeMap<String, (Value, Chain)>,
    /// The cases that came from the corpus, with their key sets.
    pub(super) corpus: Expanded,
}

impl Requests {
    /// Gathers everything.
    pub(super) fn load() -> Result<Self, CorpusError> {
        let mut corpus = load()?;
        let policies = policies(&corpus)?;
        corpus.cases.retain(|case| policies.contains_key(&case.policy));
        let mut all: Vec<Hostile> = corpus.cases.iter().flat_map(from_case).collect();
        let standard = standard(&corpus)?;
        all.extend(families::all(&standard, &Keys::load().map_err(CorpusError::new)?)?);
        // The families meet many a case of the corpus again; each request counts once.
        let mut seen = BTreeSet::new();
        all.retain(|hostile| seen.insert((hostile.policy.clone(), hostile.wire.clone())));
        let used = |name: &String| all.iter().any(|hostile| hostile.policy == *name);
        let policies = policies.into_iter().filter(|(name, _)| used(name)).collect();
        Ok(Self { all, policies, corpus })
    }
}

/// Every policy of the corpus that Envoy's own filters can express.
fn policies(corpus: &Expanded) -> Result<BTreeMap<String, (Value, Chain)>, CorpusError> {
    let mut policies = BTreeMap::new();
    for case in &corpus.cases {
        if policies.contains_key(&case.policy) || !matches!(case.trial, Trial::Requests(_)) {
            continue;
        }
        let text = corpus.policies.get(&case.policy).map_or("", String::as_str);
        let mut policy: Value = serde_json::from_str(text).map_err(CorpusError::new)?;
        drop_observed_routes(&mut policy);
        if let Some(chain) = Chain::of(&policy) {
            policies.insert(case.policy.clone(), (policy, chain));
        }
    }
    Ok(policies)
}

/// RBAC has shadow rules, but they say nothing about the token: observed routes are on neither side.
fn drop_observed_routes(policy: &mut Value) {
    if let Some(routes) = policy.get_mut("routes").and_then(Value::as_array_mut) {
        routes.retain(|route| route.get("mode").and_then(Value::as_str) != Some("observe"));
    }
}

fn from_case(case: &ExpandedCase) -> Vec<Hostile> {
    let Trial::Requests(exchanges) = &case.trial else { return Vec::new() };
    let many = exchanges.len() > 1;
    let usual = exchanges.iter().enumerate().filter(|(_, exchange)| exchange.now == NOW);
    usual
        .map(|(index, exchange)| {
            let words = words(&case.name);
            let words = if many { format!("{words} ({})", index + 1) } else { words };
            hostile(case, words, exchange)
        })
        .collect()
}

fn hostile(case: &ExpandedCase, words: String, exchange: &Exchange) -> Hostile {
    Hostile {
        family: case.threat.clone(),
        words,
        policy: case.policy.clone(),
        source: exchange.source.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        wire: wire_request(exchange),
    }
}

/// The name of a case without the verdict in front.
fn words(name: &str) -> String {
    let verbs = ["refuses ", "accepts ", "denies "];
    let rest = verbs.iter().find_map(|verb| name.strip_prefix(verb));
    rest.unwrap_or(name).to_owned()
}

/// The name of the policy under which nearly every case of the corpus runs.
fn standard(corpus: &Expanded) -> Result<String, CorpusError> {
    let usual = corpus.cases.iter().find(|case| case.name == USUAL_CASE);
    let usual = usual.ok_or_else(|| CorpusError::new(format!("no case is called {USUAL_CASE}")))?;
    Ok(usual.policy.clone())
}

const USUAL_CASE: &str = "accepts a token of a known key under ES256";
