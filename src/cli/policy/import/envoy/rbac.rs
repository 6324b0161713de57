//! RBAC beside `jwt_authn`: who may do what, by claims in dynamic metadata, by network, by path and method.

use super::super::notes::Notes;
use super::super::outcome::{Callers, Outcome};
use super::super::provider::Provider;
use super::super::rules::{Condition, Layer, Rule};
use super::super::source::Source;
use super::header;

/// Policies are alternatives: a request passes if it satisfies one.
pub(super) fn layer(filter: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Layer {
    filter.expect_only(
        &["@type", "rules", "rules_stat_prefix", "shadow_rules", "shadow_rules_stat_prefix"],
        notes,
    );
    if let Some(shadow) = filter.field("shadow_rules") {
        notes.changed(
            &shadow.place,
            "shadow rules are left out; give routes mode: observe to try them",
        );
    }
    let Some(rules) = filter.field("rules") else { return Layer::All(Vec::new()) };
    rules.expect_only(&["action", "policies"], notes);
    let action = rules.text_at("action").unwrap_or_else(|| "ALLOW".to_owned());
    let policies = rules.field("policies").map(|map| map.members()).unwrap_or_default();
    match action.as_str() {
        "ALLOW" => {}
        "LOG" => return Layer::All(Vec::new()),
        _ => {
            notes.lost(
                &rules.place,
                "only action ALLOW can be carried over; say who may, instead of who may not",
            );
            let condition = Condition::everything();
            let place = rules.place.clone();
            return Layer::All(vec![Rule { place, condition, outcome: Outcome::Refused }]);
        }
    }
    let mut all = Vec::new();
    for (_, policy) in &policies {
        policy.expect_only(&["permissions", "principals"], notes);
        let outcome = principals(&policy.list("principals"), policy, providers, notes);
        for (place, condition) in conditions(policy, notes) {
            all.push(Rule { place, condition, outcome: outcome.clone() });
        }
    }
    Layer::Any(all)
}

/// One condition for each permission; a permission that cannot be said permits nothing.
fn conditions(policy: &Source<'_>, notes: &mut Notes) -> Vec<(String, Condition)> {
    let mut all = Vec::new();
    for permission in policy.list("permissions") {
        for alternative in alternatives(&permission) {
            let mut condition = Condition::everything();
            if narrow(&alternative, &mut condition) {
                all.push((alternative.place.clone(), condition));
            } else {
                notes.lost(
                    &alternative.place,
                    "only any, url_path, and the headers :method, :path and :authority can be carried over; this \
                     permits nothing now",
                );
            }
        }
    }
    all
}

fn alternatives<'a>(permission: &Source<'a>) -> Vec<Source<'a>> {
    match permission.field("or_rules") {
        Some(or) => or.list("rules").iter().flat_map(alternatives).collect(),
        None => vec![permission.clone()],
    }
}

fn narrow(permission: &Source<'_>, condition: &mut Condition) -> bool {
    let members = permission.members();
    let [(name, member)] = members.as_slice() else { return false };
    match *name {
        "any" => permission.is_true("any"),
        "and_rules" | "andRules" => member.list("rules").iter().all(|rule| narrow(rule, condition)),
        "header" => header::add(member, condition),
        "url_path" | "urlPath" => {
            header::set(condition, member.field("path").as_ref().and_then(header::string_path))
        }
        _ => false,
    }
}

/// Any of these.
fn principals(
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
        "or_ids" | "orIds" => principals(&member.list("ids"), member, providers, notes),
        "and_ids" | "andIds" => every(&member.list("ids"), member, providers, notes),
        "remote_ip" | "remoteIp" | "source_ip" | "sourceIp" | "direct_remote_ip" | "directRemoteIp" => {
            network(member, notes)
        }
        "metadata" => claim(member, providers, notes).unwrap_or_else(|| {
            notes.lost(
                &member.place,
                "only scope, client_id, aud and iss under the provider's payload_in_metadata can be carried over",
            );
            Outcome::Refused
        }),
        _ => {
            notes.lost(&principal.place, "no rule about this; it lets nobody in now: write it by hand");
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
    let mut whole = Outcome::OPEN;
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
    let length = range.field("prefix_len").and_then(|length| length.value.as_u64()).unwrap_or(0);
    notes.changed(
        &range.place,
        "networks are compared with the source address; set use_remote_address",
    );
    Outcome::Open(Some(vec![format!("{prefix}/{length}")]))
}

/// A claim out of the metadata of `jwt_authn`.
fn claim(metadata: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Option<Outcome> {
    let is_known =
        metadata.members().iter().all(|(name, _)| ["filter", "path", "value"].contains(name));
    let filter = metadata.text_at("filter")?;
    let path: Vec<_> =
        metadata.list("path").iter().filter_map(|part| part.text_at("key")).collect();
    let [key, name] = path.as_slice() else { return None };
    if !is_known || filter != "envoy.filters.http.jwt_authn" {
        return None;
    }
    let payload_of = |provider: &&Provider| provider.metadata.contains(key);
    let issuers: Vec<_> = providers.iter().filter(payload_of).map(|p| p.issuer.clone()).collect();
    if issuers.is_empty() {
        return None;
    }
    let value = value(&metadata.field("value")?, name)?;
    let mut callers = Callers { issuers: Some(issuers), ..Callers::default() };
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
        "aud" => callers.audiences = Some(vec![value]),
        _ => return None,
    }
    Some(Outcome::Callers(callers))
}

/// One word of a list, or for `scope` a text that contains it: that is how people search in
/// `"a b c"`, and an exact text would be refused for any other scope beside it.
fn value(value: &Source<'_>, claim: &str) -> Option<String> {
    let string = value
        .find(&["list_match", "one_of", "string_match"])
        .or_else(|| value.field("string_match"))?;
    let contains = string.text_at("contains").filter(|_| claim == "scope");
    contains.or_else(|| string.text_at("exact")).filter(|text| !text.is_empty())
}
