//! `authorization`: the first rule that fits a request decides.

use super::super::issuers;
use super::super::notes::Notes;
use super::super::outcome::{Callers, Outcome};
use super::super::provider::Provider;
use super::super::rules::{Condition, Layer, Rule};
use super::super::source::Source;

/// Where all rules allow, the first that fits is any that fits.
pub(super) fn layers(
    authorization: &Source<'_>,
    providers: &[Provider],
    notes: &mut Notes,
) -> Vec<Layer> {
    let (mut allowed, mut refused) = (Vec::new(), Vec::new());
    if !authorization.has_only(&["rules", "defaultAction"], notes) {
        refused.push(Rule::refuse_all(&authorization.place));
    }
    for source in authorization.list("rules") {
        if source.text_at("action").as_deref() == Some("Allow") {
            allowed.extend(rule(&source, providers, notes));
        } else {
            notes.lost(
                &source.place,
                "only action Allow can be carried over; say who may, instead of who may not. All is refused",
            );
            refused.push(Rule::refuse_all(&source.place));
        }
    }
    let mut layers = vec![Layer::All(refused)];
    if authorization.text_at("defaultAction").as_deref() != Some("Allow") {
        layers.push(Layer::Any(allowed));
    }
    layers
}

/// A rule of which anything is lost allows nothing.
fn rule(source: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Option<Rule> {
    let lost = notes.count_lost();
    let is_whole = source.has_only(&["name", "action", "operation", "principal"], notes);
    let mut condition = Condition::everything();
    if let Some(operation) = source.field("operation").filter(|o| o.has_only(&["methods"], notes)) {
        condition.methods = operation.texts("methods", notes);
    }
    let outcome = principal(source, providers, notes);
    let is_whole = is_whole && notes.count_lost() == lost;
    is_whole.then(|| Rule { place: source.place.clone(), condition, outcome })
}

/// All that the principal names must hold.
fn principal(rule: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    let Some(principal) = rule.field("principal") else { return Outcome::OPEN };
    if !principal.has_only(&["jwt", "clientCIDRs"], notes) {
        return Outcome::Refused;
    }
    let networks = principal.texts("clientCIDRs", notes);
    let networks = (!networks.is_empty()).then_some(networks);
    match principal.field("jwt") {
        None => Outcome::Open(networks),
        Some(jwt) => match callers(&jwt, providers, notes) {
            Some(callers) => Outcome::Callers(Callers { networks, ..callers }),
            None => Outcome::Refused,
        },
    }
}

fn callers(jwt: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Option<Callers> {
    if !jwt.has_only(&["provider", "scopes", "claims"], notes) {
        return None;
    }
    let name = jwt.text_at("provider").unwrap_or_default();
    let Some(provider) = providers.iter().find(|provider| provider.name == name) else {
        notes.lost(
            &jwt.place,
            "asks for a provider that is not there or was not carried over; name another",
        );
        return None;
    };
    let audiences = provider.audiences.clone();
    let mut callers = Callers {
        issuers: Some(vec![provider.issuer.clone()]),
        audiences: issuers::narrower(audiences, &provider.issuer, providers),
        all_scopes: jwt.texts("scopes", notes),
        ..Callers::default()
    };
    for claim in jwt.list("claims") {
        let is_list = claim.text_at("valueType").as_deref() == Some("StringArray");
        let values = claim.texts("values", notes);
        // Envoy Gateway has Envoy make a list of `scope`, which no text is equal to.
        match (claim.text_at("name").as_deref(), is_list) {
            (Some("client_id"), false) if callers.clients.is_none() => {
                callers.clients = Some(values);
            }
            (Some("scope"), true) if callers.any_scopes.is_empty() && !values.is_empty() => {
                callers.any_scopes = values;
            }
            _ => {
                notes.lost(
                    &claim.place,
                    "no rule about this claim; there are client_id, and scope as a StringArray, once each",
                );
                return None;
            }
        }
    }
    Some(callers)
}
