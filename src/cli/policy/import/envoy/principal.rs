//! `principals` of RBAC: who a policy is about.

use std::collections::BTreeSet;

use super::super::issuers;
use super::super::notes::Notes;
use super::super::outcome::{Callers, Outcome};
use super::super::provider::Provider;
use super::super::source::Source;

/// Any of these.
pub(super) fn any(
    list: &[Source<'_>],
    place: &Source<'_>,
    providers: &[Provider],
    notes: &mut Notes,
) -> Outcome {
    let mut whole = Outcome::Refused;
    for principal in list {
        let one = outcome(principal, providers, notes);
        let Ok(either) = whole.or(one) else {
            notes.lost(
                &place.place,
                "one route cannot let in all of these principals; split the policy by path",
            );
            return Outcome::Refused;
        };
        whole = either;
    }
    whole
}

fn outcome(principal: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    let members = principal.members();
    let (name, member) = match members.as_slice() {
        [(name, member)] => (*name, member),
        _ => ("", principal),
    };
    match name {
        "any" if principal.is_true("any") => Outcome::OPEN,
        "or_ids" | "orIds" => any(&member.list("ids"), member, providers, notes),
        "and_ids" | "andIds" => every(&member.list("ids"), member, providers, notes),
        "remote_ip" | "remoteIp" => network(member, notes),
        "direct_remote_ip" | "directRemoteIp" | "source_ip" | "sourceIp" => {
            notes.lost(
                &member.place,
                "the address of the direct peer; routes compare that of the client: use remote_ip if that is meant",
            );
            Outcome::Refused
        }
        "metadata" => known_claim(member, providers, notes),
        "sourced_metadata" | "sourcedMetadata" => sourced(member, providers, notes),
        _ => {
            notes.lost(
                &principal.place,
                "no rule about this; it lets nobody in now: write it by hand",
            );
            Outcome::Refused
        }
    }
}

fn every(
    list: &[Source<'_>],
    place: &Source<'_>,
    providers: &[Provider],
    notes: &mut Notes,
) -> Outcome {
    // Everybody fits an empty list.
    let mut whole = if list.is_empty() { Outcome::Refused } else { Outcome::OPEN };
    for principal in list {
        let one = outcome(principal, providers, notes);
        let Ok(both) = whole.and(one) else {
            notes.lost(&place.place, "one route cannot ask for all of these; write it by hand");
            return Outcome::Refused;
        };
        whole = both;
    }
    whole
}

fn network(range: &Source<'_>, notes: &mut Notes) -> Outcome {
    let prefix = range.text_at("address_prefix").unwrap_or_default();
    let length = range.field("prefix_len").map_or(Some(0), |length| length.number());
    let Some(length) = length else {
        notes.lost(&range.place, "a length that is no number; correct the source");
        return Outcome::Refused;
    };
    notes.changed(
        &range.place,
        "networks are compared with the source address; set use_remote_address",
    );
    Outcome::Open(Some(vec![format!("{prefix}/{length}")]))
}

/// Metadata of a request, not that of a route.
fn sourced(source: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    let is_whole = source.has_only(&["metadata_matcher", "metadata_source"], notes);
    let of = source.field("metadata_source").map(|of| of.value.clone());
    let is_dynamic = of.is_none_or(|of| of == "DYNAMIC" || of == 0);
    let matcher = source.field("metadata_matcher").filter(|_| is_whole && is_dynamic);
    let Some(matcher) = matcher else {
        notes.lost(&source.place, CLAIMS);
        return Outcome::Refused;
    };
    known_claim(&matcher, providers, notes)
}

fn known_claim(metadata: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    claim(metadata, providers, notes).unwrap_or_else(|| {
        notes.lost(&metadata.place, CLAIMS);
        Outcome::Refused
    })
}

/// A claim out of the metadata of `jwt_authn`.
fn claim(metadata: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Option<Outcome> {
    let is_known =
        metadata.members().iter().all(|(name, _)| ["filter", "path", "value"].contains(name));
    let path: Vec<_> =
        metadata.list("path").iter().filter_map(|part| part.text_at("key")).collect();
    let [key, name] = path.as_slice() else { return None };
    if !is_known || metadata.text_at("filter")? != "envoy.filters.http.jwt_authn" {
        return None;
    }
    let there = providers.iter().filter(|provider| provider.metadata.contains(key));
    let there: Vec<&Provider> = there.collect();
    let value = value(&metadata.field("value")?, name, &there)?;
    let mut callers = of_providers(&there, providers)?;
    match name.as_str() {
        "scope" => {
            notes.changed(
                &metadata.place,
                "scopes are compared as whole words of `scope`, not as a part of its text",
            );
            callers.all_scopes = vec![value];
        }
        "client_id" => callers.clients = Some(vec![value]),
        "iss" if callers.issuers.as_ref().is_some_and(|issuers| issuers.contains(&value)) => {
            callers.issuers = Some(vec![value]);
        }
        _ => return None,
    }
    Some(Outcome::Callers(callers))
}

/// The callers with a token of these providers, which may be some of the providers of an issuer.
fn of_providers(there: &[&Provider], providers: &[Provider]) -> Option<Callers> {
    let issuers: BTreeSet<_> = there.iter().map(|provider| provider.issuer.clone()).collect();
    let others = |provider: &&Provider| {
        issuers.contains(&provider.issuer) && !there.iter().any(|one| one.name == provider.name)
    };
    let audiences = match (there, providers.iter().find(others)) {
        ([], _) => return None,
        (_, None) => None,
        ([one], Some(_)) => issuers::narrower(one.audiences.clone(), &one.issuer, providers),
        // Different audiences for each of them are more than a route can say.
        (_, Some(_)) => return None,
    };
    Some(Callers { issuers: Some(issuers.into_iter().collect()), audiences, ..Callers::default() })
}

/// What a claim has to be. `scope` is a text with many words in a token: whoever looks for one searches in
/// it, or has Envoy make a list. That it is exactly one text no route can say.
fn value(value: &Source<'_>, claim: &str, there: &[&Provider]) -> Option<String> {
    let text = match (claim, value.find(&["list_match", "one_of", "string_match"])) {
        ("scope", Some(word)) if there.iter().all(|provider| provider.has_scope_words) => {
            word.text_at("exact")
        }
        ("scope", None) if !there.iter().any(|provider| provider.has_scope_words) => {
            value.field("string_match")?.text_at("contains")
        }
        ("scope", _) | (_, Some(_)) => None,
        (_, None) => value.field("string_match").filter(is_exact)?.text_at("exact"),
    };
    text.filter(|text| !text.is_empty())
}

fn is_exact(matcher: &Source<'_>) -> bool {
    !matcher.is_true("ignore_case")
}

const CLAIMS: &str = "only these can be carried over, under the payload_in_metadata of a provider before this filter: \
     client_id and iss by an exact text, scope by contains, or as a list with normalize_payload_in_metadata";
