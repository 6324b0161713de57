//! The document as people write it. Unknown fields are errors: a misspelt restriction must not
//! silently restrict nothing.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::claims::Profile;
use crate::json::{JsonError, Object, Value};
use crate::token::TokenType;

use super::error::PolicyError;
use super::forward::{Source, TokenForwarding};
use super::place::Place;
use super::route::{Mode, RequiredBinding};

mod read;
mod reader;

#[derive(Debug)]
pub(super) struct PolicyDocument<'a> {
    pub(super) issuers: Vec<IssuerDocument<'a>>,
    pub(super) routes: Vec<RouteDocument>,
    pub(super) forward: ForwardDocument,
    pub(super) clients: Vec<ClientDocument>,
    pub(super) client_certificate: Option<CertificateDocument>,
    pub(super) dpop: Option<ProofDocument>,
    pub(super) default_mode: Option<DefaultMode>,
    pub(super) maximum_token_bytes: Option<u64>,
    pub(super) token_cache: TokenCacheDocument,
}

/// The mode of routes that name none, and of requests that no route is for. `public` is not among
/// them: what is open says so itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum DefaultMode {
    Enforce,
    Observe,
}

#[derive(Debug)]
pub(super) struct ClientDocument {
    pub(super) client_id: String,
    pub(super) issuer: Option<String>,
    pub(super) networks: Vec<String>,
}

#[derive(Debug)]
pub(super) struct CertificateDocument {
    pub(super) from: CertificateFrom,
    pub(super) trusted_networks: Option<Vec<String>>,
}

/// Who says which certificate the client has.
#[derive(Clone, Copy, Debug)]
pub(super) enum CertificateFrom {
    Connection,
    Xfcc,
}

#[derive(Debug)]
pub(super) struct ProofDocument {
    pub(super) proof_lifetime_seconds: Option<u64>,
    pub(super) maximum_proofs: Option<u64>,
}

#[derive(Debug)]
pub(super) struct IssuerDocument<'a> {
    pub(super) issuer: String,
    pub(super) profile: Profile,
    pub(super) audiences: Vec<String>,
    pub(super) algorithms: Option<Vec<String>>,
    pub(super) token_types: Option<Vec<TokenType>>,
    pub(super) jwks: Option<&'a Value<'a>>,
    pub(super) jwks_uri: Option<String>,
    pub(super) envoy_cluster: Option<String>,
    pub(super) status_list: Option<StatusListDocument>,
    pub(super) clock_skew_seconds: Option<u64>,
    pub(super) maximum_token_lifetime_seconds: Option<u64>,
    pub(super) refresh_seconds: Option<u64>,
    pub(super) cooldown_seconds: Option<u64>,
    pub(super) maximum_stale_seconds: Option<u64>,
}

#[derive(Debug)]
pub(super) struct StatusListDocument {
    pub(super) uri: String,
    pub(super) wait_seconds: Option<u64>,
    pub(super) refresh_seconds: Option<u64>,
    pub(super) maximum_stale_seconds: Option<u64>,
}

/// How much a verified token may save; zero entries switch the cache off.
#[derive(Debug, Default)]
pub(super) struct TokenCacheDocument {
    pub(super) maximum_entries: Option<u64>,
    pub(super) maximum_bytes: Option<u64>,
}

#[derive(Debug)]
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

#[derive(Debug)]
pub(super) struct ScopesDocument {
    pub(super) all: Option<Vec<String>>,
    pub(super) any: Option<Vec<String>>,
}

#[derive(Debug, Default)]
pub(super) struct ForwardDocument {
    pub(super) headers: Option<Vec<(String, Source)>>,
    pub(super) strip: Option<Vec<String>>,
    pub(super) would_deny_header: Option<String>,
    pub(super) token: TokenForwarding,
}

/// Reads the document; the error names the field.
pub(super) fn read<'a>(document: &'a Object<'a>) -> Result<PolicyDocument<'a>, PolicyError> {
    read::policy(document, &Place::Top)
}

/// What is wrong with a text that is no strict JSON object.
pub(super) fn json_error(error: &JsonError) -> PolicyError {
    let malformed;
    let message = match error {
        // A repeated member would otherwise silently replace the first.
        JsonError::Duplicate => "a member occurs twice in one object; remove one of the two",
        JsonError::Malformed(error) => {
            malformed = format!("not one JSON document: {error}");
            &malformed
        }
        JsonError::NotAnObject => "no object; a policy begins with {",
        JsonError::NotText(byte) => {
            malformed = format!("not UTF-8 from byte {byte} on; save the policy in that encoding");
            &malformed
        }
        JsonError::Refused => {
            "nested too deeply, more than 64 members in one object, or a NUL in a text"
        }
    };
    PolicyError::field(&Place::Top, message)
}
