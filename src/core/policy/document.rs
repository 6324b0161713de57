//! The document as people write it. Unknown fields are errors: a misspelt restriction must not
//! silently restrict nothing.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::error::Category;

use crate::json::{self, JsonError};
use crate::token::TokenType;

use super::error::{PolicyError, PolicyErrorCode};
use super::forward::{Source, TokenForwarding};
use super::route::{Mode, RequiredBinding};

mod number;

pub(super) use self::number::Number;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyDocument {
    #[serde(default)]
    pub(super) issuers: Vec<IssuerDocument>,
    #[serde(default)]
    pub(super) routes: Vec<RouteDocument>,
    #[serde(default)]
    pub(super) forward: ForwardDocument,
    #[serde(default)]
    pub(super) clients: Vec<ClientDocument>,
    pub(super) client_certificate: Option<CertificateDocument>,
    pub(super) dpop: Option<ProofDocument>,
    pub(super) default_mode: Option<DefaultMode>,
    pub(super) maximum_token_bytes: Option<Number>,
    #[serde(default)]
    pub(super) token_cache: TokenCacheDocument,
}

/// The mode of routes that name none, and of requests that no route is for. `public` is not among
/// them: what is open says so itself.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum DefaultMode {
    Enforce,
    Observe,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientDocument {
    pub(super) client_id: String,
    pub(super) issuer: Option<String>,
    pub(super) networks: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertificateDocument {
    pub(super) from: CertificateFrom,
    pub(super) trusted_networks: Option<Vec<String>>,
}

/// Who says which certificate the client has.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CertificateFrom {
    Connection,
    Xfcc,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProofDocument {
    pub(super) proof_lifetime_seconds: Option<Number>,
    pub(super) maximum_proofs: Option<Number>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssuerDocument {
    pub(super) issuer: String,
    pub(super) audiences: Vec<String>,
    pub(super) algorithms: Option<Vec<String>>,
    pub(super) token_types: Option<Vec<TokenType>>,
    pub(super) jwks: Option<serde_json::Value>,
    pub(super) jwks_uri: Option<String>,
    pub(super) envoy_cluster: Option<String>,
    pub(super) status_list: Option<StatusListDocument>,
    pub(super) clock_skew_seconds: Option<Number>,
    pub(super) maximum_token_lifetime_seconds: Option<Number>,
    pub(super) refresh_seconds: Option<Number>,
    pub(super) cooldown_seconds: Option<Number>,
    pub(super) maximum_stale_seconds: Option<Number>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusListDocument {
    pub(super) uri: String,
    pub(super) wait_seconds: Option<Number>,
    pub(super) refresh_seconds: Option<Number>,
    pub(super) maximum_stale_seconds: Option<Number>,
}

/// How much a verified token may save; zero entries switch the cache off.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenCacheDocument {
    pub(super) maximum_entries: Option<Number>,
    pub(super) maximum_bytes: Option<Number>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteDocument {
    pub(super) name: String,
    pub(super) methods: Vec<String>,
    pub(super) hosts: Option<Vec<String>>,
    pub(super) path: String,
    pub(super) mode: Option<Mode>,
    pub(super) scopes: Option<ScopesDocument>,
    pub(super) audiences: Option<Vec<String>>,
    pub(super) issuers: Option<Vec<String>>,
    pub(super) clients: Option<Vec<String>>,
    pub(super) networks: Option<Vec<String>>,
    pub(super) binding: Option<RequiredBinding>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopesDocument {
    pub(super) all: Option<Vec<String>>,
    pub(super) any: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForwardDocument {
    pub(super) headers: Option<BTreeMap<String, Source>>,
    pub(super) strip: Option<Vec<String>>,
    pub(super) would_deny_header: Option<String>,
    #[serde(default)]
    pub(super) token: TokenForwarding,
}

/// Reads the document; the error names the field.
pub(super) fn parse(bytes: &[u8]) -> Result<PolicyDocument, PolicyError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let document: PolicyDocument =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| located(&error))?;
    deserializer.end().map_err(|error| {
        PolicyError::new(PolicyErrorCode::Field, "", format!("after the policy: {error}"))
    })?;
    // Named fields cannot occur twice, but entries of `jwks` and `forward.headers` could.
    json::check_object(bytes).map_err(|error| {
        let message = match error {
            JsonError::Duplicate => "a member occurs twice in one object; remove one of the two",
            JsonError::Malformed | JsonError::NotAnObject => {
                "nested too deeply, more than 64 members in one object, or a NUL in a text"
            }
        };
        PolicyError::new(PolicyErrorCode::Field, "", message)
    })?;
    Ok(document)
}

/// The error with its path. The parser's text already lists what would have been right, and quotes
/// only what the operator wrote.
fn located(error: &serde_path_to_error::Error<serde_json::Error>) -> PolicyError {
    let path = error.path().to_string();
    let path = if path == "." { String::new() } else { path };
    let text = error.inner().to_string();
    // A place in the text helps with a comma too many; about a field, the path says more, and the
    // text may be one that the operator never saw.
    let message = match (error.inner().classify(), text.rsplit_once(" at line ")) {
        (Category::Data, Some((message, _))) => message,
        _ => &text,
    };
    PolicyError::new(PolicyErrorCode::Field, path, message)
}
