//! The claims of RFC 9068 s2.2 and RFC 7519 s4.1, and what a route asks of them.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value};

use super::{Circumstances, Issuer, Route};

/// Whether a token of `issuer` with these claims may be used here and now.
pub(super) fn are_acceptable(
    claims: &Map<String, Value>,
    issuer: Issuer,
    circumstances: Circumstances,
) -> bool {
    let Circumstances { route, now } = circumstances;
    text(claims, "iss") == Some(issuer.name)
        && has_identifiers(claims)
        && is_timely(claims, issuer, now.as_unix_seconds()).unwrap_or(false)
        && is_for(claims.get("aud"), route.audience)
        && is_granted(claims, route)
        && is_bound(claims.get("cnf"), route)
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_str()
}

fn has_identifiers(claims: &Map<String, Value>) -> bool {
    ["sub", "client_id", "jti"].iter().all(|name| {
        text(claims, name).is_some_and(|text| {
            !text.is_empty() && text.len() <= 256 && !text.chars().any(char::is_control)
        })
    })
}

/// RFC 7519 s4.1.4 to s4.1.6, and a longest lifetime.
fn is_timely(claims: &Map<String, Value>, issuer: Issuer, now: u64) -> Option<bool> {
    let expires = date(claims.get("exp")?, f64::floor)?;
    let issued_at = date(claims.get("iat")?, f64::ceil)?;
    let not_before = match claims.get("nbf") {
        None => 0,
        Some(value) => date(value, f64::ceil)?,
    };
    let latest = now.saturating_add(issuer.skew);
    let lifetime = expires.checked_sub(issued_at)?;
    Some(
        now < expires.saturating_add(issuer.skew)
            && issued_at.max(not_before) <= latest
            && (1..=issuer.lifetime).contains(&lifetime),
    )
}

/// Seconds since 1970, at most those of the year 9999.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range was checked just before"
)]
fn date(value: &Value, round: fn(f64) -> f64) -> Option<u64> {
    const LAST: u64 = 253_402_300_799;
    if let Some(whole) = value.as_u64() {
        return (whole <= LAST).then_some(whole);
    }
    let number = value.as_f64()?;
    (0.0..=253_402_300_799.0).contains(&number).then(|| round(number) as u64)
}

fn is_for(audience: Option<&Value>, wanted: &str) -> bool {
    match audience {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(several)) => {
            let names: Option<Vec<_>> = several.iter().map(Value::as_str).collect();
            names.is_some_and(|names| names.len() <= 16 && names.contains(&wanted))
        }
        _ => false,
    }
}

fn is_granted(claims: &Map<String, Value>, route: Route) -> bool {
    let scope = match claims.get("scope") {
        None => "",
        Some(Value::String(scope)) => scope,
        Some(_) => return false,
    };
    let granted: Vec<&str> = scope.split(' ').collect();
    let is_scope = |name: &&str| {
        // RFC 6749 s3.3.
        !name.is_empty() && name.chars().all(|c| ('!'..='~').contains(&c) && c != '"' && c != '\\')
    };
    let is_list = scope.is_empty() || granted.iter().all(is_scope);
    let all = route.all.iter().all(|scope| granted.contains(scope));
    let any = route.any.is_empty() || route.any.iter().any(|scope| granted.contains(scope));
    let is_client = route.client.is_none_or(|client| text(claims, "client_id") == Some(client));
    is_list && all && any && is_client
}

/// RFC 8705 s3.1. Nobody shows a proof here, so what is bound to a key is refused.
fn is_bound(confirmation: Option<&Value>, route: Route) -> bool {
    let Some(confirmation) = confirmation else { return !route.is_certified };
    let certificate = confirmation.get("x5t#S256").and_then(Value::as_str);
    let digest = certificate.and_then(|text| Base64UrlUnpadded::decode_vec(text).ok());
    route.is_certified
        && digest.is_some_and(|digest| digest == [0xcc; 32])
        && confirmation.get("jkt").is_none()
}
