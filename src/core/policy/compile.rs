//! From the document to what decides.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::document::{DefaultMode, ForwardDocument, PolicyDocument, TokenCacheDocument};
use super::error::{PolicyError, PolicyErrorCode};
use super::forward::Forward;
use super::routes::Routes;
use super::{Mode, Policy};
use crate::cache::CacheLimits;

mod binding;
mod issuers;
mod range;
mod route;
mod status_list;

use self::range::Range;

/// Checks the document and builds the policy.
pub(super) fn compile(document: PolicyDocument<'_>) -> Result<Policy, PolicyError> {
    let issuers = issuers::compile(document.issuers)?;
    let default_mode = match document.default_mode {
        None | Some(DefaultMode::Enforce) => Mode::Enforce,
        Some(DefaultMode::Observe) => Mode::Observe,
    };
    let routes = compile_routes(document.routes, &issuers, default_mode)?;
    let certificates = binding::certificate_source(document.client_certificate)?;
    let proofs = binding::proof_rules(document.dpop)?;
    for (index, route) in routes.iter().enumerate() {
        binding::check_route(route, &format!("routes[{index}]"), &certificates, proofs.as_ref())?;
    }
    let protects = routes.iter().any(|route| route.mode != Mode::Public);
    if protects && issuers.is_empty() {
        return Err(PolicyError::value(
            "issuers",
            "empty, but some routes ask for a token; name the issuer whose tokens they accept",
        ));
    }
    let maximum = TOKEN_BYTES.check(document.maximum_token_bytes, "maximum_token_bytes")?;
    Ok(Policy {
        clients: binding::client_networks(document.clients, &issuers)?,
        certificates,
        proofs,
        issuers,
        routes,
        default_mode,
        forward: compile_forward(document.forward)?,
        maximum_token_bytes: usize::try_from(maximum).unwrap_or(usize::MAX),
        token_cache: token_cache(&document.token_cache)?,
    })
}

fn token_cache(document: &TokenCacheDocument) -> Result<CacheLimits, PolicyError> {
    let entries = CACHE_ENTRIES.check(document.maximum_entries, "token_cache.maximum_entries")?;
    let bytes = CACHE_BYTES.check(document.maximum_bytes, "token_cache.maximum_bytes")?;
    Ok(CacheLimits {
        entries: usize::try_from(entries).unwrap_or(usize::MAX),
        bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
    })
}

fn compile_routes(
    documents: Vec<super::document::RouteDocument>,
    issuers: &[super::IssuerPolicy],
    default_mode: Mode,
) -> Result<Routes, PolicyError> {
    let mut routes = Routes::new();
    let mut names = BTreeSet::new();
    for (index, document) in documents.into_iter().enumerate() {
        let place = format!("routes[{index}]");
        if !names.insert(document.name.clone()) {
            return Err(PolicyError::new(
                PolicyErrorCode::Conflict,
                format!("{place}.name"),
                "another route has the same name; give each its own",
            ));
        }
        let (route, template) = route::compile(document, &place, issuers, default_mode)?;
        routes.add(route, &template).map_err(|conflict| {
            PolicyError::new(
                PolicyErrorCode::Conflict,
                &*place,
                format!(
                    "routes[{}] is for the same path, host and method; make one of them narrower",
                    conflict.0
                ),
            )
        })?;
    }
    Ok(routes)
}

fn compile_forward(document: ForwardDocument) -> Result<Forward, PolicyError> {
    let headers = match document.headers {
        None => Forward::DEFAULT_HEADERS.map(|(name, source)| (name.into(), source)).into(),
        Some(headers) => headers,
    };
    for (name, _) in &headers {
        check_header_name(name, "forward.headers")?;
    }
    let strip = document.strip.unwrap_or_default();
    for name in &strip {
        check_header_name(name, "forward.strip")?;
    }
    let would_deny = document.would_deny_header;
    if let Some(name) = &would_deny {
        check_header_name(name, "forward.would_deny_header")?;
        if headers.iter().any(|(other, _)| other == name) {
            return Err(PolicyError::new(
                PolicyErrorCode::Conflict,
                "forward.would_deny_header",
                "also an identity header; choose another name for one of the two",
            ));
        }
    }
    Ok(Forward { headers, strip, would_deny, token: document.token })
}

/// Lower case, as HTTP/2 writes names; nothing that a connection needs to work.
fn check_header_name(name: &str, place: &str) -> Result<(), PolicyError> {
    let well_formed = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        });
    if !well_formed {
        return Err(PolicyError::value(
            place,
            format!("`{name}` is no header name; use up to 64 of a-z, 0-9, - and _"),
        ));
    }
    if UNTOUCHABLE.contains(&name) {
        return Err(PolicyError::value(
            place,
            format!("`{name}` belongs to HTTP itself; choose another header"),
        ));
    }
    Ok(())
}

/// A list that must not be there without saying anything, nor hold a member that says nothing.
fn non_empty(list: Option<Vec<String>>, place: &str) -> Result<Option<Vec<String>>, PolicyError> {
    const HINT: &str = "empty; name at least one, or leave the field out";
    let Some(list) = list else { return Ok(None) };
    if list.is_empty() {
        return Err(PolicyError::value(place, HINT));
    }
    match list.iter().position(String::is_empty) {
        Some(index) => Err(PolicyError::value(format!("{place}[{index}]"), HINT)),
        None => Ok(Some(list)),
    }
}

const TOKEN_BYTES: Range = Range { minimum: 256, maximum: 16_384, default: 8_192, unit: "bytes" };

/// For one worker. A token and what was read from it take somewhat less than a kilobyte.
const CACHE_ENTRIES: Range =
    Range { minimum: 0, maximum: 1_000_000, default: 20_000, unit: "entries" };
const CACHE_BYTES: Range =
    Range { minimum: 0, maximum: 536_870_912, default: 16_777_216, unit: "bytes" };

const UNTOUCHABLE: [&str; 8] = [
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];
