//! `rules`: the first that matches decides.

use super::super::notes::Notes;
use super::super::outcome::Outcome;
use super::super::provider::Provider;
use super::super::rules::Rule;
use super::super::source::Source;
use super::{header, requirement};

pub(super) fn all(filter: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Vec<Rule> {
    filter.list("rules").iter().map(|rule| one(rule, filter, providers, notes)).collect()
}

/// A rule whose condition cannot be said is made wider and refuses: requests that it caught must not
/// fall through to a weaker one.
fn one(rule: &Source<'_>, filter: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Rule {
    let is_understood = rule.has_only(&["match", "requires", "requirement_name"], notes);
    let everything = serde_json::json!({"prefix": "/"});
    let matching =
        rule.field("match").unwrap_or_else(|| Source::new(&everything, rule.place.clone()));
    let (condition, is_whole) = header::route_match(&matching, notes);
    let outcome = match (rule.field("requires"), rule.text_at("requirement_name")) {
        (Some(requirement), _) => requirement::outcome(&requirement, providers, notes),
        (None, Some(name)) => named(&name, rule, filter, providers, notes),
        (None, None) => requirement::unverified(rule, notes),
    };
    let outcome = if is_whole && is_understood { outcome } else { Outcome::Refused };
    Rule { place: rule.place.clone(), condition, outcome }
}

fn named(
    name: &str,
    rule: &Source<'_>,
    filter: &Source<'_>,
    providers: &[Provider],
    notes: &mut Notes,
) -> Outcome {
    let requirements = filter.field("requirement_map").map(|map| map.members()).unwrap_or_default();
    let Some((_, requirement)) = requirements.into_iter().find(|(known, _)| *known == name) else {
        notes.lost(
            &rule.place,
            "names a requirement that requirement_map does not hold; add it there",
        );
        return Outcome::Refused;
    };
    requirement::outcome(&requirement, providers, notes)
}
