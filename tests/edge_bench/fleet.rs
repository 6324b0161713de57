//! The Envoys that are measured, each started when it is first needed.

use std::collections::BTreeMap;

use edgelatch_tests::lab::{asking_filter, empty_filter, filter};
use serde_json::{Value, json};

use super::Failure;
use super::edge::Edge;
use super::filters::{self, Cache};
use super::ground::Ground;
use super::policy;
use super::rows::{ALL, Crowd, EdgeKind};

/// All Envoys so far. They run side by side, but only one at a time has anything to do.
pub(crate) struct Fleet<'a> {
    ground: &'a Ground,
    edges: BTreeMap<EdgeKind, Edge>,
}

impl<'a> Fleet<'a> {
    pub(crate) fn new(ground: &'a Ground) -> Self {
        Self { ground, edges: BTreeMap::new() }
    }

    /// The Envoy of a kind.
    pub(crate) fn get(&mut self, kind: EdgeKind) -> Result<&mut Edge, Failure> {
        if !self.edges.contains_key(&kind) {
            let edge = start(kind, self.ground)?;
            self.edges.insert(kind, edge);
        }
        self.edges.get_mut(&kind).ok_or_else(|| "an Envoy is missing".into())
    }
}

/// A fresh Envoy of a kind.
pub(crate) fn start(kind: EdgeKind, ground: &Ground) -> Result<Edge, Failure> {
    Edge::start(&kind.name(), &filters(kind, &ground.key_set)?, ground.folder())
}

fn filters(kind: EdgeKind, key_set: &Value) -> Result<Value, Failure> {
    Ok(match kind {
        EdgeKind::NoFilter => json!([]),
        EdgeKind::EmptyWasm => filters::wasm("empty", &empty_filter()?, ""),
        EdgeKind::AskingWasm => filters::wasm("asking", &asking_filter()?, ""),
        EdgeKind::JwtAuthn => filters::jwt_authn(key_set, Cache::None),
        EdgeKind::JwtAuthnCache(size) => filters::jwt_authn(key_set, Cache::Tokens(size)),
        EdgeKind::FullNative => filters::full_native(key_set, Cache::None),
        EdgeKind::FullNativeCache(size) => filters::full_native(key_set, Cache::Tokens(size)),
        EdgeKind::Ours(Crowd::Known(ALL)) => ours(&policy::with_room_for(ALL, key_set))?,
        EdgeKind::Ours(_) => ours(&policy::one_route(key_set))?,
        EdgeKind::OursRoutes(count) => ours(&policy::many_routes(key_set, count))?,
    })
}

fn ours(policy: &Value) -> Result<Value, Failure> {
    Ok(filters::wasm("edgelatch", &filter()?, &policy.to_string()))
}
