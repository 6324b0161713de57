//! `AuthorizationPolicy`: first whatever is denied, then, if any policy allows, only what is allowed.

use super::super::notes::Notes;
use super::super::outcome::{Outcome, Unsayable};
use super::super::provider::Provider;
use super::super::rules::{Layer, Rule};
use super::super::source::Source;
use super::{operation, source};

pub(super) fn layers(
    policies: &[Source<'_>],
    providers: &[Provider],
    notes: &mut Notes,
) -> Vec<Layer> {
    let (mut allow, mut deny) = (Vec::new(), Vec::new());
    let mut allows = false;
    for spec in policies {
        if !spec.has_only(&["selector", "targetRef", "targetRefs", "action", "rules"], notes) {
            deny.push(Rule::refuse_all(&spec.place));
        }
        match spec.text_at("action").as_deref() {
            None | Some("ALLOW") => {
                allows = true;
                for rule in spec.list("rules") {
                    allow.extend(allowed(&rule, providers, notes));
                }
            }
            Some("DENY") => {
                for rule in spec.list("rules") {
                    deny.extend(denied(&rule, notes));
                }
            }
            Some("AUDIT") => notes
                .changed(&spec.place, "AUDIT decides nothing; the access log has every decision"),
            Some(_) => {
                notes.lost(
                    &spec.place,
                    "this action has no counterpart; all is refused: write it by hand",
                );
                deny.push(Rule::refuse_all(&spec.place));
            }
        }
    }
    let mut layers = vec![Layer::All(deny)];
    if allows {
        layers.push(Layer::Any(allow));
    }
    layers
}

/// What is not understood allows nothing.
fn allowed(rule: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Vec<Rule> {
    let lost = notes.count_lost();
    let is_whole = rule.has_only(&["from", "to", "when"], notes);
    let mut outcome = source::any(rule, providers, notes);
    for condition in rule.list("when") {
        let one = source::when(&condition, providers, notes);
        outcome = outcome.and(one).unwrap_or_else(|Unsayable| {
            notes.lost(&rule.place, "one route cannot ask for all of this; write it by hand");
            Outcome::Refused
        });
    }
    let conditions = operation::all(rule, notes);
    if !is_whole || notes.count_lost() != lost {
        return Vec::new();
    }
    let rule = |condition| Rule { place: rule.place.clone(), condition, outcome: outcome.clone() };
    conditions.into_iter().map(rule).collect()
}

/// What is not understood denies all.
fn denied(rule: &Source<'_>, notes: &mut Notes) -> Vec<Rule> {
    let lost = notes.count_lost();
    let is_whole = rule.has_only(&["from", "to", "when"], notes);
    let outcomes = source::unless(rule, notes);
    let conditions = operation::all(rule, notes);
    if !is_whole || notes.count_lost() != lost {
        return vec![Rule::refuse_all(&rule.place)];
    }
    let pairs =
        conditions.iter().flat_map(|condition| outcomes.iter().map(move |o| (condition, o)));
    pairs
        .map(|(condition, outcome)| Rule {
            place: rule.place.clone(),
            condition: condition.clone(),
            outcome: outcome.clone(),
        })
        .collect()
}
