//! A case as people write it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::CorpusError;
use super::policies::PolicySource;
use crate::minting::{Text, Token};

/// The second in which a case happens that does not say another.
const USUAL_NOW: u64 = 1_900_000_000;

/// One case: what happens, and what must come of it.
#[derive(Debug)]
pub(super) struct Case {
    /// A sentence about the behaviour.
    pub(super) name: String,
    /// The line of the threat list.
    pub(super) threat: String,
    /// Why a host might get it wrong.
    pub(super) why: String,
    pub(super) policy: PolicySource,
    /// Key sets that the issuers publish, by the path of their URL.
    pub(super) key_sets: BTreeMap<String, Value>,
    pub(super) act: Act,
}

/// What a case does.
#[derive(Debug)]
pub(super) enum Act {
    /// Requests, one after the other, against one engine.
    Requests(Vec<Step>),
    /// The policy must be refused.
    Refused(Refused),
    /// The policy must load.
    Loads,
}

/// Where and why a policy is refused.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The field, such as `issuers[0].jwks.keys[1]`.
    pub path: String,
    /// The stable code.
    pub code: String,
}

/// One request and its verdict.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    #[serde(default = "usual_now")]
    pub(super) now: u64,
    #[serde(default)]
    pub(super) request: Request,
    /// What `$token` stands for.
    #[serde(default)]
    pub(super) token: Token,
    /// Other tokens, by the name that stands behind the dollar.
    #[serde(default)]
    pub(super) tokens: BTreeMap<String, Token>,
    pub(super) expect: Expect,
    /// The verdict in Envoy, where Envoy itself answers first or speaks another protocol.
    pub(super) envoy: Option<Expect>,
}

/// A request; what is absent is as in `GET /orders/7` with `$token` as its bearer token.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: Text,
    pub(super) authority: String,
    /// All header lines.
    pub(super) headers: Vec<(String, Text)>,
    /// More header lines.
    pub(super) also: Vec<(String, Text)>,
    /// The header lines on the wire, where a host parses the wire itself and sees `headers` then.
    pub(super) wire: Option<Vec<(String, Text)>>,
    pub(super) body: Option<Text>,
    pub(super) source: Option<IpAddr>,
}

/// A verdict.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The HTTP status.
    pub status: u16,
    /// The reason code of a refusal; absent where the host answers before the engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The reason code with which an observed route would have refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would_deny: Option<String>,
    /// `WWW-Authenticate`, where it is not the usual one of the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// `grpc-status`, where the host answers in gRPC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grpc_status: Option<String>,
    /// What reaches the upstream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
}

/// Header lines at the upstream.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Forwarded {
    /// Exactly one line of this name, with this value (bytes as Latin-1).
    pub present: BTreeMap<String, String>,
    /// No line of this name.
    pub absent: Vec<String>,
}

impl Case {
    /// Reads one element of a file.
    pub(super) fn read(value: Value) -> Result<Self, CorpusError> {
        let Value::Object(mut members) = value else {
            return Err(CorpusError::new("a case is an object"));
        };
        let name = text(&mut members, "name")?;
        let at = |error: CorpusError| error.at(&name);
        let threat = text(&mut members, "threat").map_err(at)?;
        let why = text(&mut members, "why").map_err(at)?;
        let policy =
            members.remove("policy").map_or(Ok(PolicySource::default()), read).map_err(at)?;
        let key_sets = members.remove("key_sets").map_or(Ok(BTreeMap::new()), read).map_err(at)?;
        let act = read_act(members).map_err(at)?;
        Ok(Self { name, threat, why, policy, key_sets, act })
    }
}

fn read_act(mut members: Map<String, Value>) -> Result<Act, CorpusError> {
    let act = if let Some(refused) = members.remove("refused") {
        Act::Refused(read(refused)?)
    } else if members.remove("loads").is_some() {
        Act::Loads
    } else if let Some(steps) = members.remove("steps") {
        Act::Requests(read(steps)?)
    } else {
        return Ok(Act::Requests(vec![read(Value::Object(members))?]));
    };
    match members.keys().next() {
        None => Ok(act),
        Some(name) => Err(CorpusError::new(format!("{name} has no place in this kind of case"))),
    }
}

fn text(members: &mut Map<String, Value>, name: &str) -> Result<String, CorpusError> {
    match members.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        _ => Err(CorpusError::new(format!("a case needs the text {name}"))),
    }
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, CorpusError> {
    serde_json::from_value(value).map_err(CorpusError::new)
}

fn usual_now() -> u64 {
    USUAL_NOW
}

impl Default for Request {
    fn default() -> Self {
        Self {
            method: "GET".to_owned(),
            path: Text::Plain("/orders/7".to_owned()),
            authority: "api.example.com".to_owned(),
            headers: vec![("authorization".to_owned(), Text::Plain("Bearer $token".to_owned()))],
            also: Vec::new(),
            wire: None,
            body: None,
            source: None,
        }
    }
}
