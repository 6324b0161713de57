//! Several providers of one issuer become one entry; what no issuer can be is left out and told.

use edgelatch_core::Policy;
use serde_json::json;

use super::Defaults;
use super::forwarding;
use super::notes::Notes;
use super::provider::Provider;

/// The providers as they can be in a policy, by name as before: rules still find them.
pub(super) fn merge(
    providers: Vec<Provider>,
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> Result<Vec<Provider>, String> {
    let mut merged: Vec<Provider> = Vec::new();
    for mut provider in providers {
        if provider.issuer.is_empty() || provider.keys.is_empty() {
            if provider.issuer.is_empty() {
                notes.lost(
                    &provider.place,
                    "a provider that names no issuer would trust any; add its issuer",
                );
            }
            continue;
        }
        if provider.audiences.is_empty() {
            defaults_audience(&mut provider, defaults, notes)?;
        }
        if let Some(problem) = problem(&provider) {
            notes.lost(&provider.place, problem);
            continue;
        }
        told(&provider, notes);
        merged.push(provider);
    }
    forwarding::settle(&mut merged, notes);
    one_per_issuer(&merged, notes)?;
    Ok(merged)
}

fn defaults_audience(
    provider: &mut Provider,
    defaults: &Defaults<'_>,
    notes: &mut Notes,
) -> Result<(), String> {
    if defaults.audiences.is_empty() {
        return Err(format!(
            "{}: names no audience, so a token for any other API would do; name yours with --audience",
            provider.place.escape_debug()
        ));
    }
    provider.audiences = defaults.audiences.to_vec();
    notes.tighter(
        &provider.place,
        "tokens for any audience passed; now `aud` must name that of --audience",
    );
    Ok(())
}

/// The policy's own check of this issuer alone.
fn problem(provider: &Provider) -> Option<String> {
    let policy = json!({ "issuers": [provider.to_json()] }).to_string();
    let error = Policy::from_json(policy.as_bytes()).err()?;
    Some(format!("no issuer of a policy: {}", error.to_string().replace("issuers[0]", "issuer")))
}

/// What every issuer's callers will notice.
fn told(provider: &Provider, notes: &mut Notes) {
    let place = &provider.place;
    notes.tighter(
        place,
        "tokens must be RFC 9068 access tokens: `typ` at+jwt, and client_id, sub, aud, iat, exp and jti; others are \
         refused with 401, so look at one of yours first",
    );
    notes.tighter(
        place,
        "tokens must be signed with ES256, EdDSA, RS256 to RS512 or PS256 to PS512; ES384, ES512 and HMAC are refused",
    );
    notes.tighter(
        place,
        "a wrong audience is answered with 401 instead of 403 (RFC 6750 section 3.1); clients may look at the status",
    );
    if provider.maximum_token_lifetime_seconds.is_none() {
        notes.tighter(
            place,
            "tokens that live longer than a day are refused; raise maximum_token_lifetime_seconds if yours do",
        );
    }
}

/// A policy has one entry for an issuer; providers of the same one share keys, and take turns in nothing else.
fn one_per_issuer(providers: &[Provider], notes: &mut Notes) -> Result<(), String> {
    for (index, provider) in providers.iter().enumerate() {
        let earlier = providers.iter().take(index).find(|other| other.issuer == provider.issuer);
        let Some(earlier) = earlier else { continue };
        if earlier.keys != provider.keys {
            return Err(format!(
                "{} and {} are the same issuer with different keys; give both the same",
                earlier.place.escape_debug(),
                provider.place.escape_debug()
            ));
        }
        notes.changed(
            &provider.place,
            "one issuer, one entry: the smaller clock skew and lifetime hold for both",
        );
    }
    Ok(())
}

/// These audiences, unless they are all that the issuer's entry has: then a rule need not name them. One
/// that means a provider names those of the provider, or it would mean others of the same issuer, too.
pub(super) fn narrower(
    audiences: Vec<String>,
    issuer: &str,
    providers: &[Provider],
) -> Option<Vec<String>> {
    let entries = entries(providers);
    let entry = entries.iter().find(|entry| entry.issuer == issuer);
    let is_all = entry.is_some_and(|entry| entry.audiences == audiences);
    (!is_all).then_some(audiences)
}

/// The entries of the policy.
pub(super) fn entries(providers: &[Provider]) -> Vec<Provider> {
    let mut entries: Vec<Provider> = Vec::new();
    for provider in providers {
        match entries.iter_mut().find(|entry| entry.issuer == provider.issuer) {
            Some(entry) => join(entry, provider),
            None => entries.push(provider.clone()),
        }
    }
    entries
}

fn join(entry: &mut Provider, provider: &Provider) {
    for audience in &provider.audiences {
        if !entry.audiences.contains(audience) {
            entry.audiences.push(audience.clone());
        }
    }
    entry.clock_skew_seconds = entry.clock_skew_seconds.min(provider.clock_skew_seconds);
    let lifetimes = [entry.maximum_token_lifetime_seconds, provider.maximum_token_lifetime_seconds];
    entry.maximum_token_lifetime_seconds = lifetimes.into_iter().flatten().min();
    entry.strips_token |= provider.strips_token;
    entry.headers.extend(provider.headers.iter().cloned());
    entry.strip.extend(provider.strip.iter().cloned());
}
