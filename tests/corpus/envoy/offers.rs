//! Policies offered to a running Envoy, all at once: it takes up those that are right and says of each other one what is
//! wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::bootstrap::Bootstrap;
use crate::corpus::{CorpusError, Expanded, Trial};
use crate::lab::{Envoy, EnvoyOptions};

/// What Envoy says of every policy that a case of the corpus offers; `None` if it is content.
pub(super) fn offer(
    corpus: &Expanded,
    bootstrap: &Bootstrap,
    folder: &Path,
) -> Result<BTreeMap<String, Option<String>>, CorpusError> {
    let named = named(corpus);
    if named.is_empty() {
        return Ok(BTreeMap::new());
    }
    let file = folder.join("offered.json");
    fs::write(&file, bootstrap.resources(&named)).map_err(CorpusError::new)?;
    // It is ready once it has an opinion of each.
    let envoy = Envoy::start(&EnvoyOptions {
        config: bootstrap.config_with(&file),
        clock: None,
        concurrency: 1,
        log: folder.join("offered.log"),
    })
    .map_err(CorpusError::new)?;
    let refused = refused(&envoy)?;
    let taken: BTreeSet<String> = super::listener_addresses(&envoy)?.into_keys().collect();
    let log = envoy.log();
    named
        .into_iter()
        .map(|(name, policy)| {
            let complaint = match (taken.contains(&name), refused.get(&name)) {
                (true, None) => None,
                (false, Some(details)) => Some(complaint(&log, &name, details)),
                _ => return Err(CorpusError::new(format!("what became of {name}?\n{log}"))),
            };
            Ok((policy, complaint))
        })
        .collect()
}

/// The policies under names of one length, so that none is part of another.
fn named(corpus: &Expanded) -> BTreeMap<String, String> {
    let configurations =
        corpus.cases.iter().filter(|case| matches!(case.trial, Trial::Configuration(_)));
    let policies: BTreeSet<&String> =
        configurations.filter_map(|case| corpus.policies.get(&case.policy)).collect();
    let name = |(number, policy): (usize, &String)| (format!("offer-{number:05}"), policy.clone());
    policies.into_iter().enumerate().map(name).collect()
}

/// The listeners that Envoy did not take up, and what it says of each. The reason itself is in its log.
fn refused(envoy: &Envoy) -> Result<BTreeMap<String, String>, CorpusError> {
    let text = envoy.ask("/config_dump?resource=dynamic_listeners").map_err(CorpusError::new)?;
    let dump: Value = serde_json::from_str(&text).map_err(CorpusError::new)?;
    let listeners = dump.get("configs").and_then(Value::as_array);
    let entry = |listener: &Value| {
        let details = listener.pointer("/error_state/details")?.as_str()?.to_owned();
        Some((listener.get("name")?.as_str()?.to_owned(), details))
    };
    Ok(listeners.into_iter().flatten().filter_map(entry).collect())
}

/// A name that is refused may have a line break, so an entry of the log is what begins with a time in brackets.
fn complaint(log: &str, name: &str, details: &str) -> String {
    let entries =
        log.split("\n[").filter(|entry| entry.contains("wasm log") && entry.contains(name));
    entries.chain([details]).collect::<Vec<_>>().join("\n")
}
