//! The `issuers` of the document.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::range::Range;
use super::status_list;
use crate::algorithm::Algorithm;
use crate::claims::{ClaimRules, Profile};
use crate::json::Value;
use crate::key::KeyError;
use crate::keys::{KeySet, KeySetError, key_error_code};
use crate::policy::document::IssuerDocument;
use crate::policy::error::{PolicyError, PolicyErrorCode};
use crate::policy::issuer::{IssuerKeys, IssuerPolicy, RemoteKeys, Uri};
use crate::policy::place::Place;
use crate::token::TokenType;

/// Checks all issuers.
pub(super) fn compile(
    documents: Vec<IssuerDocument<'_>>,
) -> Result<Vec<IssuerPolicy>, PolicyError> {
    let places = Place::Top.member("issuers");
    if documents.len() > MAXIMUM_ISSUERS {
        return Err(PolicyError::value(&places, &format!("more than {MAXIMUM_ISSUERS}")));
    }
    let mut issuers: Vec<IssuerPolicy> = Vec::with_capacity(documents.len());
    for (index, document) in documents.into_iter().enumerate() {
        let place = places.element(index);
        if issuers.iter().any(|other| *other.issuer == *document.issuer) {
            return Err(PolicyError::conflict(
                &place.member("issuer"),
                "listed twice; merge the two entries",
            ));
        }
        issuers.push(compile_one(document, &place)?);
    }
    Ok(issuers)
}

fn compile_one(
    mut document: IssuerDocument<'_>,
    place: &Place<'_>,
) -> Result<IssuerPolicy, PolicyError> {
    if Uri::parse(&document.issuer).is_none() {
        return Err(PolicyError::value(
            &place.member("issuer"),
            "not an absolute https:// URL; write the token's `iss` byte for byte",
        ));
    }
    let audiences = core::mem::take(&mut document.audiences);
    if audiences.is_empty() || audiences.iter().any(String::is_empty) {
        return Err(PolicyError::value(
            &place.member("audiences"),
            "empty; name the `aud` of tokens that are meant for this API",
        ));
    }
    let algorithms = algorithms(document.algorithms.take(), place)?;
    let cluster = document.envoy_cluster.take();
    Ok(IssuerPolicy {
        keys: keys(&mut document, &algorithms, cluster.as_deref(), place)?,
        status_list: status_list::compile(document.status_list.take(), cluster.as_deref(), place)?,
        envoy_cluster: cluster,
        rules: rules(&document, place)?,
        token_types: token_types(document.token_types.take(), document.profile, place)?,
        profile: document.profile,
        issuer: document.issuer.into(),
        audiences,
        algorithms,
    })
}

fn algorithms(
    names: Option<Vec<String>>,
    place: &Place<'_>,
) -> Result<Vec<Algorithm>, PolicyError> {
    let place = &place.member("algorithms");
    let Some(names) = super::non_empty(names, place)? else {
        return Ok(Algorithm::ALL.into());
    };
    let mut algorithms = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let Some(algorithm) = Algorithm::parse(name) else {
            let message = format!("`{name}` is not supported; choose among {}", supported());
            return Err(PolicyError::value(&place.element(index), &message));
        };
        algorithms.push(algorithm);
    }
    Ok(algorithms)
}

/// RFC 9068 s4: only `at+jwt`, so that an ID token is never taken for an access token; other types
/// where the operator says that the issuer knows no better.
fn token_types(
    types: Option<Vec<TokenType>>,
    profile: Profile,
    place: &Place<'_>,
) -> Result<Vec<TokenType>, PolicyError> {
    match types {
        None => Ok(profile.token_types().into()),
        Some(types) if types.is_empty() => Err(PolicyError::value(
            &place.member("token_types"),
            "empty; name at least one of at+jwt, JWT and missing, or leave the field out",
        )),
        Some(types) => Ok(types),
    }
}

fn supported() -> String {
    Algorithm::ALL.map(Algorithm::name).join(", ")
}

fn rules(document: &IssuerDocument<'_>, place: &Place<'_>) -> Result<ClaimRules, PolicyError> {
    Ok(ClaimRules {
        clock_skew_seconds: CLOCK_SKEW
            .check(document.clock_skew_seconds, &place.member("clock_skew_seconds"))?,
        maximum_token_lifetime_seconds: TOKEN_LIFETIME.check(
            document.maximum_token_lifetime_seconds,
            &place.member("maximum_token_lifetime_seconds"),
        )?,
    })
}

fn keys(
    document: &mut IssuerDocument<'_>,
    algorithms: &[Algorithm],
    cluster: Option<&str>,
    place: &Place<'_>,
) -> Result<IssuerKeys, PolicyError> {
    match (document.jwks.take(), document.jwks_uri.take()) {
        (Some(jwks), None) => inline_keys(jwks, algorithms, place),
        (None, Some(uri)) => remote_keys(document, &uri, cluster, place),
        (Some(_), Some(_)) => Err(PolicyError::conflict(
            &place.member("jwks_uri"),
            "both `jwks` and `jwks_uri`; keep one of them",
        )),
        (None, None) => Err(PolicyError::field(
            place,
            "no keys; give `jwks_uri` (a URL) or `jwks` (the key set itself)",
        )),
    }
}

/// Inline keys are the operator's own words: a broken or weak key is a mistake to be mended here. A key
/// for something else, such as encryption, often comes along in what an issuer publishes.
fn inline_keys(
    jwks: &Value<'_>,
    algorithms: &[Algorithm],
    place: &Place<'_>,
) -> Result<IssuerKeys, PolicyError> {
    let place = &place.member("jwks");
    let loaded =
        KeySet::load_pinned(jwks, algorithms).map_err(|error| key_set_error(error, place))?;
    let broken = loaded.skipped.iter().find(|(_, error)| *error != KeyError::NotEligible);
    if let Some((index, error)) = broken {
        return Err(PolicyError::new(
            PolicyErrorCode::Keys(key_error_code(*error)),
            &place.member("keys").element(*index),
            &error.to_string(),
        ));
    }
    Ok(IssuerKeys::Inline(loaded.keys))
}

fn key_set_error(error: KeySetError, place: &Place<'_>) -> PolicyError {
    let code = PolicyErrorCode::Keys(error.code());
    match error.index() {
        Some(index) => {
            PolicyError::new(code, &place.member("keys").element(index), &error.reason())
        }
        None => PolicyError::new(code, place, &error.reason()),
    }
}

fn remote_keys(
    document: &IssuerDocument<'_>,
    uri: &str,
    cluster: Option<&str>,
    place: &Place<'_>,
) -> Result<IssuerKeys, PolicyError> {
    let remote = RemoteKeys {
        // Whoever can change the keys on their way can sign tokens.
        uri: private_uri(uri, cluster, &place.member("jwks_uri"))?,
        refresh_seconds: REFRESH
            .check(document.refresh_seconds, &place.member("refresh_seconds"))?,
        cooldown_seconds: COOLDOWN
            .check(document.cooldown_seconds, &place.member("cooldown_seconds"))?,
        maximum_stale_seconds: STALE
            .check(document.maximum_stale_seconds, &place.member("maximum_stale_seconds"))?,
    };
    if remote.maximum_stale_seconds < remote.refresh_seconds.saturating_add(REFRESH.minimum) {
        return Err(PolicyError::conflict(
            &place.member("maximum_stale_seconds"),
            "the keys would be too old before they are fetched again; make it longer than \
             `refresh_seconds` by 10 at least, better by hours",
        ));
    }
    Ok(IssuerKeys::Remote(remote))
}

/// A URL whose answers nobody on the way can change.
pub(super) fn private_uri(
    text: &str,
    cluster: Option<&str>,
    place: &Place<'_>,
) -> Result<Uri, PolicyError> {
    let uri = Uri::parse(text)
        .ok_or_else(|| PolicyError::value(place, "not an absolute https:// URL"))?;
    if uri.scheme != "https" && !uri.is_loopback() && cluster.is_none() {
        return Err(PolicyError::value(
            place,
            "plain http beyond this machine; use https, or name the `envoy_cluster` that encrypts",
        ));
    }
    Ok(uri)
}

const MAXIMUM_ISSUERS: usize = 64;

const CLOCK_SKEW: Range = Range { minimum: 0, maximum: 300, default: 10, unit: "seconds" };
const TOKEN_LIFETIME: Range =
    Range { minimum: 1, maximum: 31_536_000, default: 86_400, unit: "seconds" };
const REFRESH: Range = Range { minimum: 10, maximum: 43_200, default: 300, unit: "seconds" };
const COOLDOWN: Range = Range { minimum: 1, maximum: 3_600, default: 10, unit: "seconds" };
const STALE: Range = Range { minimum: 60, maximum: 604_800, default: 86_400, unit: "seconds" };
