//! The Envoys that are measured, each started when it is first needed.

use std::collections::BTreeMap;
use std::path::Path;

use edgelatch_tests::lab::{empty_filter, filter};
use serde_json::{Value, json};

use super::Failure;
use super::edge::Edge;
use super::filters::{self, Cache};
use super::policy;
use super::rows::EdgeKind;

/// All Envoys so far. They run side by side, but only one at a time has anything to do.
pub(crate) struct Fleet<'a> {
    key_set: &'a Value,
    folder: &'a Path,
    edges: BTreeMap<EdgeKind, Edge>,
}

impl<'a> Fleet<'a> {
    pub(crate) fn new(key_set: &'a Value, folder: &'a Path) -> Self {
        Self { key_set, folder, edges: BTreeMap::new() }
    }

    /// The Envoy of a kind.
    pub(crate) fn get(&mut self, kind: EdgeKind) -> Result<&mut Edge, Failure> {
        if !self.edges.contains_key(&kind) {
            let edge = start(kind, self.key_set, self.folder)?;
            self.edges.insert(kind, edge);
        }
        self.edges.get_mut(&kind).ok_or_else(|| "an Envoy is missing".into())
    }
}

/// A fresh Envoy of a kind.
pub(crate) fn start(kind: EdgeKind, key_set: &Value, folder: &Path) -> Result<Edge, Failure> {
    Edge::start(&kind.name(), &filters(kind, key_set)?, folder)
}

fn filters(kind: EdgeKind, key_set: &Value) -> Result<Value, Failure> {
    Ok(match kind {
        EdgeKind::NoFilter => json!([]),
        EdgeKind::EmptyWasm => filters::wasm("empty", &empty_filter()?, ""),
        EdgeKind::JwtAuthn => filters::jwt_authn(key_set, Cache::None),
        EdgeKind::JwtAuthnCache(size) => filters::jwt_authn(key_set, Cache::Tokens(size)),
        EdgeKind::FullNative => filters::full_native(key_set, Cache::None),
        EdgeKind::FullNativeCache(size) => filters::full_native(key_set, Cache::Tokens(size)),
        EdgeKind::Ours(_) => ours(&policy::one_route(key_set))?,
        EdgeKind::OursRoutes(count) => ours(&policy::many_routes(key_set, count))?,
    })
}

fn ours(policy: &Value) -> Result<Value, Failure> {
    Ok(filters::wasm("edgelatch", &filter()?, &policy.to_string()))
}
