//! The files of the corpus, compiled in, so that a runner needs nothing beside it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::case::Case;
use super::expand::{Expanded, expand};
use super::{CorpusError, policies::Policies};
use crate::minting::Keys;

/// All cases, expanded to bytes.
pub fn load() -> Result<Expanded, CorpusError> {
    let keys = Keys::load().map_err(CorpusError::new)?;
    let policies = Policies::load(&keys)?;
    let mut cases = Vec::new();
    for (file, text) in FILES {
        cases.extend(read(text).map_err(|error| error.at(file))?);
    }
    check_names(&cases)?;
    expand(&cases, &policies, &keys)
}

fn read(text: &str) -> Result<Vec<Case>, CorpusError> {
    let elements: Vec<Value> = serde_json::from_str(text).map_err(CorpusError::new)?;
    elements.into_iter().map(Case::read).collect()
}

fn check_names(cases: &[Case]) -> Result<(), CorpusError> {
    let mut names = BTreeSet::new();
    match cases.iter().find(|case| !names.insert(case.name.as_str())) {
        None => Ok(()),
        Some(case) => Err(CorpusError::new(format!("two cases are called {}", case.name))),
    }
}

const FILES: [(&str, &str); 7] = [
    ("headers.json", include_str!("headers.json")),
    ("paths.json", include_str!("paths.json")),
    ("parsing.json", include_str!("parsing.json")),
    ("keys.json", include_str!("keys.json")),
    ("signature.json", include_str!("signature.json")),
    ("claims.json", include_str!("claims.json")),
    ("policy.json", include_str!("policy.json")),
];
