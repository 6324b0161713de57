//! RBAC beside `jwt_authn`: who may do what, by claims in dynamic metadata, by network, by path and method.

use super::super::notes::Notes;
use super::super::provider::Provider;
use super::super::rules::{Condition, Layer, Rule};
use super::super::source::Source;
use super::{header, principal};

/// Policies are alternatives: a request passes if it satisfies one.
pub(super) fn layer(filter: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Layer {
    let mut is_whole = filter.has_only(&FILTER, notes);
    for shadow in ["shadow_rules", "shadow_matcher"].into_iter().filter_map(|n| filter.field(n)) {
        notes.changed(
            &shadow.place,
            "shadow rules are left out; give routes mode: observe to try them",
        );
    }
    let Some(rules) = filter.field("rules") else {
        return if is_whole { Layer::All(Vec::new()) } else { refusal(filter) };
    };
    is_whole &= rules.has_only(&["action", "policies"], notes);
    let action = rules.text_at("action").unwrap_or_else(|| "ALLOW".to_owned());
    let policies = rules.field("policies").map(|map| map.members()).unwrap_or_default();
    match action.as_str() {
        "ALLOW" => {}
        "LOG" => return if is_whole { Layer::All(Vec::new()) } else { refusal(filter) },
        _ => {
            notes.lost(
                &rules.place,
                "only action ALLOW can be carried over; say who may, instead of who may not. All is refused",
            );
            is_whole = false;
        }
    }
    if !is_whole {
        return refusal(filter);
    }
    Layer::Any(policies.iter().flat_map(|(_, policy)| rules_of(policy, providers, notes)).collect())
}

fn refusal(filter: &Source<'_>) -> Layer {
    Layer::All(vec![Rule::refuse_all(&filter.place)])
}

/// A policy with anything beside, such as a condition in CEL, permits nothing.
fn rules_of(policy: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Vec<Rule> {
    if !policy.has_only(&["permissions", "principals"], notes) {
        return Vec::new();
    }
    let outcome = principal::any(&policy.list("principals"), policy, providers, notes);
    conditions(policy, notes)
        .into_iter()
        .map(|(place, condition)| Rule { place, condition, outcome: outcome.clone() })
        .collect()
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
                    "only any, url_path, :method, :authority and the beginning of :path can be carried over; this \
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
        // Of an empty list all members are anything at all.
        "and_rules" | "andRules" => {
            let rules = member.list("rules");
            !rules.is_empty() && rules.iter().all(|rule| narrow(rule, condition))
        }
        "header" => header::add(member, condition),
        "url_path" | "urlPath" => {
            header::set(condition, member.field("path").as_ref().and_then(header::string_path))
        }
        _ => false,
    }
}

const FILTER: [&str; 8] = [
    "@type",
    "rules",
    "rules_stat_prefix",
    "shadow_rules",
    "shadow_matcher",
    "shadow_rules_stat_prefix",
    "track_per_rule_stats",
    "stat_prefix",
];
