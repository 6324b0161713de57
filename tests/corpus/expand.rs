//! The corpus as plain bytes: what a host replays that knows neither Rust nor our test keys.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;
use serde_json::Value;

use super::case::{Act, Case, Expect, Refused, Request, Step};
use super::policies::Policies;
use super::{CorpusError, HeaderValue};
use crate::minting::{Keys, Text};

/// All cases, and the policies they name.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Expanded {
    /// Policy documents as JSON text, by the names that the cases use.
    pub policies: BTreeMap<String, String>,
    /// The cases, in the order of the files.
    pub cases: Vec<ExpandedCase>,
}

/// One case.
#[derive(Clone, Debug, Serialize)]
pub struct ExpandedCase {
    /// A sentence about the behaviour; unique.
    pub name: String,
    /// The line of the threat list.
    pub threat: String,
    /// Why a host might get it wrong.
    pub why: String,
    /// The name of the policy.
    pub policy: String,
    /// Key sets to serve where the policy fetches them, by the path of the URL.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub key_sets: BTreeMap<String, Value>,
    /// What happens.
    #[serde(flatten)]
    pub trial: Trial,
}

/// What a case does.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trial {
    /// Requests, one after the other, against one engine of their own.
    Requests(Vec<Exchange>),
    /// The policy must be refused with this error, or load where there is none.
    Configuration(Option<Refused>),
}

/// One request and its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// The host's clock, in seconds since 1970.
    pub now: u64,
    /// The peer, where it matters.
    pub source: Option<IpAddr>,
    /// The method.
    pub method: String,
    /// `Host` or `:authority`.
    pub authority: String,
    /// The path with the query.
    pub path: HeaderValue,
    /// The header lines, as a host sees them.
    pub headers: Vec<HeaderLine>,
    /// The header lines on the wire, where a host that parses HTTP/1.1 comes to see `headers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wire: Option<Vec<HeaderLine>>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<HeaderValue>,
    /// The verdict.
    pub expect: Expect,
    /// The verdict in Envoy, where it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envoy: Option<Expect>,
}

/// One header line: name and value.
pub type HeaderLine = (String, HeaderValue);

/// Expands every case.
pub(super) fn expand(
    cases: &[Case],
    policies: &Policies<'_>,
    keys: &Keys,
) -> Result<Expanded, CorpusError> {
    let mut expanded = Expanded::default();
    for case in cases {
        let text = policies.text(&case.policy).map_err(|error| error.at(&case.name))?;
        let policy = expanded.name_policy(String::from_utf8(text).map_err(CorpusError::new)?);
        let trial = trial(&case.act, keys).map_err(|error| error.at(&case.name))?;
        expanded.cases.push(ExpandedCase {
            name: case.name.clone(),
            threat: case.threat.clone(),
            why: case.why.clone(),
            policy,
            key_sets: key_sets(case, policies).map_err(|error| error.at(&case.name))?,
            trial,
        });
    }
    Ok(expanded)
}

impl Expanded {
    /// Equal policies have one name, so that a host loads each once.
    fn name_policy(&mut self, text: String) -> String {
        if let Some((name, _)) = self.policies.iter().find(|(_, known)| **known == text) {
            return name.clone();
        }
        let name = format!("policy-{:03}", self.policies.len());
        self.policies.insert(name.clone(), text);
        name
    }
}

fn key_sets(case: &Case, policies: &Policies<'_>) -> Result<BTreeMap<String, Value>, CorpusError> {
    let sets = case.key_sets.iter();
    sets.map(|(path, set)| Ok((path.clone(), policies.key_set(set.clone())?))).collect()
}

fn trial(act: &Act, keys: &Keys) -> Result<Trial, CorpusError> {
    Ok(match act {
        Act::Refused(refused) => Trial::Configuration(Some(refused.clone())),
        Act::Loads => Trial::Configuration(None),
        Act::Requests(steps) => {
            let exchanges = steps.iter().map(|step| exchange(step, keys));
            Trial::Requests(exchanges.collect::<Result<_, _>>()?)
        }
    })
}

fn exchange(step: &Step, keys: &Keys) -> Result<Exchange, CorpusError> {
    let mut tokens = vec![("token", step.token.mint(keys).map_err(CorpusError::new)?)];
    for (name, token) in &step.tokens {
        tokens.push((name, token.mint(keys).map_err(CorpusError::new)?));
    }
    let values: Vec<(&str, &[u8])> =
        tokens.iter().map(|(name, token)| (*name, token.as_slice())).collect();
    let expand = |text: &Text| text.expand(&values).map(HeaderValue).map_err(CorpusError::new);
    let lines = |lines: &[(String, Text)]| {
        let lines = lines.iter().map(|(name, value)| Ok((name.clone(), expand(value)?)));
        lines.collect::<Result<Vec<_>, CorpusError>>()
    };
    let request: &Request = &step.request;
    Ok(Exchange {
        now: step.now,
        source: request.source,
        method: request.method.clone(),
        authority: request.authority.clone(),
        path: expand(&request.path)?,
        headers: [lines(&request.headers)?, lines(&request.also)?].concat(),
        wire: request.wire.as_deref().map(lines).transpose()?,
        body: request.body.as_ref().map(expand).transpose()?,
        expect: step.expect.clone(),
        envoy: step.envoy.clone(),
    })
}
