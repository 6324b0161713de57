//! `from` and `when`: who a rule is about.

use super::super::notes::Notes;
use super::super::outcome::{Callers, Outcome, Unsayable};
use super::super::provider::Provider;
use super::super::source::Source;

/// Who may, if one of the sources must fit.
pub(super) fn any(rule: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    if rule.field("from").is_none() {
        return Outcome::OPEN;
    }
    let mut whole = Outcome::Refused;
    for from in rule.list("from") {
        let one =
            from.field("source").map_or(Outcome::OPEN, |source| one(&source, providers, notes));
        whole = whole.or(one).unwrap_or_else(|Unsayable| {
            notes.lost(&from.place, "one route cannot let in all of these; split the rule by path");
            Outcome::Refused
        });
    }
    whole
}

/// All that a source names must hold.
fn one(source: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    source.expect_only(&["requestPrincipals", "ipBlocks", "remoteIpBlocks"], notes);
    let mut whole = Outcome::OPEN;
    if source.field("requestPrincipals").is_some() {
        whole =
            principals(&source.texts("requestPrincipals", notes), &source.place, providers, notes);
    }
    for member in ["ipBlocks", "remoteIpBlocks"] {
        if source.field(member).is_some() {
            let networks = networks(&source.texts(member, notes));
            whole = and(whole, Outcome::Open(Some(networks)), source, notes);
        }
    }
    whole
}

fn and(one: Outcome, other: Outcome, source: &Source<'_>, notes: &mut Notes) -> Outcome {
    one.and(other).unwrap_or_else(|Unsayable| {
        notes.lost(&source.place, "one route cannot ask for all of this; write it by hand");
        Outcome::Refused
    })
}

/// `*`, `ISSUER/*`; a subject is not a client id, even where they happen to be equal.
fn principals(names: &[String], place: &str, providers: &[Provider], notes: &mut Notes) -> Outcome {
    if names.iter().any(|name| name == "*") {
        return Outcome::Callers(Callers::default());
    }
    let mut issuers = Vec::new();
    for name in names {
        let issuer = name.strip_suffix("/*").unwrap_or_default();
        if providers.iter().any(|provider| provider.issuer == issuer) {
            issuers.push(issuer.to_owned());
        } else {
            notes.lost(
                place,
                "a principal with a subject, or of an issuer that is not there; use ISSUER/* and the condition \
                 request.auth.claims[client_id]",
            );
        }
    }
    Outcome::Callers(Callers { issuers: Some(issuers), ..Callers::default() })
}

/// A condition with `values`.
pub(super) fn when(condition: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    condition.expect_only(&["key", "values"], notes);
    let key = condition.text_at("key").unwrap_or_default();
    let values = condition.texts("values", notes);
    let is_pattern = values.iter().any(|value| value.contains('*'));
    let mut callers = Callers::default();
    match key.as_str() {
        "request.auth.principal" => return principals(&values, &condition.place, providers, notes),
        "source.ip" | "remote.ip" => return Outcome::Open(Some(networks(&values))),
        "request.auth.claims[scope]" if !is_pattern => scopes(values, &mut callers),
        "request.auth.claims[client_id]" if !is_pattern => callers.clients = Some(values),
        "request.auth.claims[iss]" if !is_pattern => callers.issuers = Some(values),
        "request.auth.claims[aud]" | "request.auth.audiences" if !is_pattern => {
            callers.audiences = Some(values);
        }
        _ => {
            notes.lost(
                &condition.place,
                "no rule about this; there are the claims scope, client_id, iss and aud with whole values, and \
                 addresses",
            );
            return Outcome::Refused;
        }
    }
    Outcome::Callers(callers)
}

fn scopes(mut values: Vec<String>, callers: &mut Callers) {
    if values.len() == 1 {
        callers.all_scopes.append(&mut values);
    } else {
        callers.any_scopes.append(&mut values);
    }
}

/// What must hold for a request not to be denied: the opposite of each source, or nothing ever.
pub(super) fn unless(rule: &Source<'_>, notes: &mut Notes) -> Vec<Outcome> {
    let (from, when) = (rule.list("from"), rule.list("when"));
    if from.is_empty() && when.is_empty() {
        return vec![Outcome::Refused];
    }
    if let ([], [condition]) = (from.as_slice(), when.as_slice()) {
        return vec![unless_condition(condition, notes)];
    }
    if !when.is_empty() {
        notes.lost(&rule.place, HINT);
        return vec![Outcome::Refused];
    }
    from.iter().map(|from| unless_source(from, notes)).collect()
}

fn unless_source(from: &Source<'_>, notes: &mut Notes) -> Outcome {
    let members = from.field("source").map(|source| source.members()).unwrap_or_default();
    let [(name, member)] = members.as_slice() else {
        notes.lost(&from.place, HINT);
        return Outcome::Refused;
    };
    let texts: Vec<_> =
        member.elements().iter().filter_map(|element| element.text().map(str::to_owned)).collect();
    match *name {
        "notRequestPrincipals" if texts == ["*"] => Outcome::Callers(Callers::default()),
        "notIpBlocks" | "notRemoteIpBlocks" => Outcome::Open(Some(networks(&texts))),
        _ => {
            notes.lost(&member.place, HINT);
            Outcome::Refused
        }
    }
}

fn unless_condition(condition: &Source<'_>, notes: &mut Notes) -> Outcome {
    condition.expect_only(&["key", "notValues"], notes);
    let values = condition.texts("notValues", notes);
    let key = condition.text_at("key").unwrap_or_default();
    if key != "request.auth.claims[scope]"
        || values.is_empty()
        || values.iter().any(|v| v.contains('*'))
    {
        notes.lost(&condition.place, HINT);
        return Outcome::Refused;
    }
    let mut callers = Callers::default();
    scopes(values, &mut callers);
    Outcome::Callers(callers)
}

fn networks(texts: &[String]) -> Vec<String> {
    let with_length = |text: &String| match (text.contains('/'), text.contains(':')) {
        (true, _) => text.clone(),
        (false, true) => format!("{text}/128"),
        (false, false) => format!("{text}/32"),
    };
    texts.iter().map(with_length).collect()
}

const HINT: &str = "denies by something that has no opposite here; it is refused altogether: say who may, in an ALLOW \
     policy";
