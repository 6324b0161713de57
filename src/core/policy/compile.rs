//! From the document to what decides.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::document::{DefaultMode, ForwardDocument, PolicyDocument, TokenCacheDocument};
use super::error::PolicyError;
use super::forward::Forward;
use super::names::Names;
use super::place::Place;
use super::routes::{RouteConflict, Routes};
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
    let places = Place::Top.member("routes");
    for (index, route) in routes.iter().enumerate() {
        binding::check_route(route, &places.element(index), &certificates, proofs.as_ref())?;
    }
    let protects = routes.iter().any(|route| route.mode != Mode::Public);
    if protects && issuers.is_empty() {
        return Err(PolicyError::value(
            &Place::Top.member("issuers"),
            "empty, but some routes ask for a token; name the issuer whose tokens they accept",
        ));
    }
    let maximum = TOKEN_BYTES
        .check(document.maximum_token_bytes, &Place::Top.member("maximum_token_bytes"))?;
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
    let place = Place::Top.member("token_cache");
    let entries =
        CACHE_ENTRIES.check(document.maximum_entries, &place.member("maximum_entries"))?;
    let bytes = CACHE_BYTES.check(document.maximum_bytes, &place.member("maximum_bytes"))?;
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
    let places = Place::Top.member("routes");
    let mut routes = Routes::new();
    let mut names = Names::default();
    for (index, document) in documents.into_iter().enumerate() {
        let place = places.element(index);
        if names.add(document.name.as_bytes(), index) != index {
            let message = "another route has the same name; give each its own";
            return Err(PolicyError::conflict(&place.member("name"), message));
        }
        let (route, template) = route::compile(document, index, &place, issuers, default_mode)?;
        if let Err(RouteConflict(other)) = routes.add(route, &template) {
            let message = format!(
                "routes[{other}] is for the same path, host and method; make one of them narrower"
            );
            return Err(PolicyError::conflict(&place, &message));
        }
    }
    Ok(routes)
}

fn compile_forward(document: ForwardDocument) -> Result<Forward, PolicyError> {
    let headers: Vec<(Arc<str>, _)> = match document.headers {
        None => Forward::DEFAULT_HEADERS.map(|(name, source)| (name.into(), source)).into(),
        Some(headers) => headers.into_iter().map(|(name, source)| (name.into(), source)).collect(),
    };
    let place = Place::Top.member("forward");
    for (name, _) in &headers {
        check_header_name(name, &place.member("headers"))?;
    }
    let strip = document.strip.unwrap_or_default();
    for name in &strip {
        check_header_name(name, &place.member("strip"))?;
    }
    let would_deny = document.would_deny_header;
    if let Some(name) = &would_deny {
        let place = place.member("would_deny_header");
        check_header_name(name, &place)?;
        if headers.iter().any(|(other, _)| **other == **name) {
            let message = "also an identity header; choose another name for one of the two";
            return Err(PolicyError::conflict(&place, message));
        }
    }
    Ok(Forward { headers, strip, would_deny, token: document.token })
}

/// Lower case, as HTTP/2 writes names; nothing that a connection needs to work.
fn check_header_name(name: &str, place: &Place<'_>) -> Result<(), PolicyError> {
    let well_formed = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        });
    let hint = if !well_formed {
        "is no header name; use up to 64 of a-z, 0-9, - and _"
    } else if UNTOUCHABLE.contains(&name) {
        "belongs to HTTP itself; choose another header"
    } else {
        return Ok(());
    };
    Err(PolicyError::value(place, &format!("`{name}` {hint}")))
}

/// A list that must not be there without saying anything, nor hold a member that says nothing.
fn non_empty(
    list: Option<Vec<String>>,
    place: &Place<'_>,
) -> Result<Option<Vec<String>>, PolicyError> {
    const HINT: &str = "empty; name at least one, or leave the field out";
    let Some(list) = list else { return Ok(None) };
    if list.is_empty() {
        return Err(PolicyError::value(place, HINT));
    }
    match list.iter().position(String::is_empty) {
        Some(index) => Err(PolicyError::value(&place.element(index), HINT)),
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
