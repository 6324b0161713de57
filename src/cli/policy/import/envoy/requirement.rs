//! `requires`: whose token a rule asks for.

use super::super::issuers;
use super::super::notes::Notes;
use super::super::outcome::{Callers, Outcome};
use super::super::provider::Provider;
use super::super::source::Source;

/// What a requirement asks of a request.
pub(super) fn outcome(
    requirement: &Source<'_>,
    providers: &[Provider],
    notes: &mut Notes,
) -> Outcome {
    let members = requirement.members();
    let [(name, source)] = members.as_slice() else {
        if members.is_empty() {
            return unverified(requirement, notes);
        }
        notes.lost(&requirement.place, "more than one requirement; a rule has one");
        return Outcome::Refused;
    };
    match *name {
        "provider_name" | "providerName" => {
            let name = source.text().unwrap_or_default();
            provider(name, None, source, providers, notes)
        }
        "provider_and_audiences" | "providerAndAudiences" => {
            let name = source.text_at("provider_name").unwrap_or_default();
            let audiences = source.texts("audiences", notes);
            if audiences.is_empty() {
                notes.tighter(
                    &source.place,
                    "no audiences here means any; now those of the provider are asked for",
                );
            }
            provider(
                &name,
                Some(audiences).filter(|list| !list.is_empty()),
                source,
                providers,
                notes,
            )
        }
        "requires_any" | "requiresAny" => any(source, providers, notes),
        "requires_all" | "requiresAll" => all(source, providers, notes),
        "allow_missing" | "allowMissing" => Outcome::OPEN,
        "allow_missing_or_failed" | "allowMissingOrFailed" => {
            notes.tighter(
                &source.place,
                "a bad token passed; now it is refused, none at all still passes",
            );
            Outcome::OPEN
        }
        "extract_only_without_validation" | "extractOnlyWithoutValidation" => {
            notes.tighter(
                &source.place,
                "a token passed without a look at its signature; now a bad one is refused",
            );
            Outcome::OPEN
        }
        _ => {
            notes.lost(&source.place, "not understood; write this rule by hand");
            Outcome::Refused
        }
    }
}

/// A rule without a requirement.
pub(super) fn unverified(rule: &Source<'_>, notes: &mut Notes) -> Outcome {
    notes.tighter(
        &rule.place,
        "open to everybody, but a bad token passed; now it is refused, none at all passes",
    );
    Outcome::OPEN
}

fn provider(
    name: &str,
    audiences: Option<Vec<String>>,
    source: &Source<'_>,
    providers: &[Provider],
    notes: &mut Notes,
) -> Outcome {
    let Some(provider) = providers.iter().find(|provider| provider.name == name) else {
        notes.lost(
            &source.place,
            "asks for a provider that is not there or was not carried over; name another",
        );
        return Outcome::Refused;
    };
    let audiences = audiences.unwrap_or_else(|| provider.audiences.clone());
    Outcome::Callers(Callers {
        issuers: Some(vec![provider.issuer.clone()]),
        audiences: issuers::narrower(audiences, &provider.issuer, providers),
        ..Callers::default()
    })
}

fn any(source: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    let mut whole = Outcome::Refused;
    for requirement in source.list("requirements") {
        let one = outcome(&requirement, providers, notes);
        let Ok(either) = whole.or(one) else {
            notes.lost(
                &requirement.place,
                "providers with different audiences each cannot share a route; give the issuers these audiences",
            );
            return Outcome::Refused;
        };
        whole = either;
    }
    if whole == Outcome::OPEN && providers.len() > 1 && source.list("requirements").len() > 1 {
        notes.changed(
            &source.place,
            "open without a token; with a good one of any provider as well, not only of those named here",
        );
    }
    whole
}

fn all(source: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    let requirements = source.list("requirements");
    if let [only] = requirements.as_slice() {
        return outcome(only, providers, notes);
    }
    notes.lost(&source.place, "a request carries one token; ask for one provider");
    Outcome::Refused
}
