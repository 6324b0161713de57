//! What the filter may ask of Envoy.

use std::collections::BTreeSet;
use std::fs;

use edgelatch_tests::lab;
use serde_json::{Map, Value, json};
use wasmparser::{Parser, Payload};

/// The part of the filter's configuration that allows everything but one function.
pub(crate) fn all_but(function: &str) -> Value {
    let allowed = functions().into_iter().filter(|name| name != function);
    let allowed: Map<_, _> = allowed.map(|name| (name, json!({}))).collect();
    json!({ "capability_restriction_config": { "allowed_capabilities": allowed } })
}

/// What the filter and Envoy call of each other.
pub(crate) fn functions() -> BTreeSet<String> {
    let module = fs::read(lab::filter().unwrap()).unwrap();
    let mut functions = BTreeSet::new();
    for payload in Parser::new(0).parse_all(&module) {
        match payload.unwrap() {
            Payload::ImportSection(imports) => functions
                .extend(imports.into_imports().map(|import| import.unwrap().name.to_owned())),
            Payload::ExportSection(exports) => {
                functions.extend(exports.into_iter().map(|export| export.unwrap().name.to_owned()));
            }
            _ => {}
        }
    }
    functions
}
