//! A policy for each group of tokens. The vectors' payloads are no JSON, so no token gets past the claims; but whose
//! claims are looked at, that token's signature was found valid.

use edgelatch_core::Policy;
use edgelatch_tests::minting::Keys;
use serde_json::{Value, json};

use super::jose::{File, Group};

/// Tokens and the policy under which they are sent.
pub(crate) struct Planned {
    pub(crate) file: File,
    pub(crate) group: Group,
    pub(crate) policy: String,
    /// Why the group's own keys are refused; the policy then has a sound key in their place.
    pub(crate) refused: Option<String>,
}

/// All groups of all files.
pub(crate) fn plan() -> Vec<Planned> {
    let groups = File::ALL
        .into_iter()
        .flat_map(|file| file.load().into_iter().map(move |group| (file, group)));
    groups.map(|(file, group)| plan_one(file, group)).collect()
}

fn plan_one(file: File, group: Group) -> Planned {
    let keys = group.keys();
    let own = policy(&json!({ "jwks": { "keys": keys } }));
    let refused = Policy::from_json(own.as_bytes()).err();
    let policy = match &refused {
        None => own,
        Some(_) => policy(&json!({ "jwks": { "keys": [stand_in(&keys)] } })),
    };
    Planned { file, group, policy, refused: refused.map(|error| error.code().to_owned()) }
}

/// A policy with one issuer, so that its keys are the only ones there are.
pub(crate) fn policy(keys: &Value) -> String {
    let mut issuer = json!({
        "issuer": "https://issuer.example.com",
        "audiences": ["https://api.example.com"],
        "token_types": ["missing", "JWT", "at+jwt"],
    });
    edgelatch_tests::minting::merge(&mut issuer, keys);
    json!({
        "issuers": [issuer],
        "routes": [{
            "name": "orders", "methods": ["GET"], "path": "/orders", "scopes": { "all": ["orders:read"] },
        }],
    })
    .to_string()
}

/// A key that none of the tokens was made with, under the name by which they call theirs.
fn stand_in(keys: &[Value]) -> Value {
    let mut key = Keys::load().unwrap().public("es256-1").unwrap();
    key.insert("kid".to_owned(), keys[0].get("kid").cloned().unwrap_or_else(|| json!("none")));
    Value::Object(key)
}
