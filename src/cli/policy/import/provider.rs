//! Whose tokens a source accepts.

use serde_json::{Map, Value, json};

/// An issuer as a source describes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Provider {
    /// How rules refer to it.
    pub(super) name: String,
    pub(super) place: String,
    pub(super) issuer: String,
    pub(super) audiences: Vec<String>,
    /// `jwks`, or `jwks_uri` with `envoy_cluster` and the times of its refresh.
    pub(super) keys: Map<String, Value>,
    pub(super) clock_skew_seconds: u64,
    pub(super) maximum_token_lifetime_seconds: Option<u64>,
    pub(super) strips_token: bool,
    /// Header names and what they carry.
    pub(super) headers: Vec<(String, &'static str)>,
    /// Headers that no client may send.
    pub(super) strip: Vec<String>,
    /// Under which keys its claims are in dynamic metadata.
    pub(super) metadata: Vec<String>,
    /// Whether `scope` is there as a list of words, not as the one text that it is in the token.
    pub(super) has_scope_words: bool,
}

impl Provider {
    /// Its entry in the policy.
    pub(super) fn to_json(&self) -> Value {
        let mut issuer = Map::new();
        issuer.insert("issuer".to_owned(), json!(self.issuer));
        issuer.insert("audiences".to_owned(), json!(self.audiences));
        issuer.extend(self.keys.clone());
        issuer.insert("clock_skew_seconds".to_owned(), json!(self.clock_skew_seconds));
        if let Some(seconds) = self.maximum_token_lifetime_seconds {
            issuer.insert("maximum_token_lifetime_seconds".to_owned(), json!(seconds));
        }
        Value::Object(issuer)
    }
}

/// Which of our headers' contents is this claim, if any.
pub(super) fn content_of(claim: &str) -> Option<&'static str> {
    Some(match claim {
        "aud" => "audience",
        "client_id" => "client_id",
        "iss" => "issuer",
        "jti" => "token_id",
        "scope" => "scope",
        "sub" => "subject",
        _ => return None,
    })
}

/// Seconds that Envoy adds where a provider says nothing; Istio and Envoy Gateway cannot say anything.
pub(super) const DEFAULT_SKEW: u64 = 60;
