//! `from` and `when`: who a rule is about.

use super::super::issuers;
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
        let source = from.field("source").filter(|_| from.has_only(&["source"], notes));
        let Some(source) = source else {
            notes.lost(&from.place, "no source; name one, or leave `from` out");
            continue;
        };
        let one = one(&source, providers, notes);
        whole = whole.or(one).unwrap_or_else(|Unsayable| {
            notes.lost(&from.place, "one route cannot let in all of these; split the rule by path");
            Outcome::Refused
        });
    }
    whole
}

/// All that a source names must hold.
fn one(source: &Source<'_>, providers: &[Provider], notes: &mut Notes) -> Outcome {
    if source.field("ipBlocks").is_some() {
        notes.lost(&source.place, DIRECT);
    }
    if !source.has_only(&["requestPrincipals", "ipBlocks", "remoteIpBlocks"], notes) {
        return Outcome::Refused;
    }
    let mut whole = Outcome::OPEN;
    if source.field("requestPrincipals").is_some() {
        whole =
            principals(&source.texts("requestPrincipals", notes), &source.place, providers, notes);
    }
    if source.field("remoteIpBlocks").is_some() {
        let networks = Outcome::Open(Some(networks(&source.texts("remoteIpBlocks", notes))));
        whole = whole.and(networks).unwrap_or(Outcome::Refused);
    }
    whole
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
    let is_whole = condition.has_only(&["key", "values"], notes);
    let key = condition.text_at("key").unwrap_or_default();
    let values = condition.texts("values", notes);
    if !is_whole || values.is_empty() {
        notes.lost(&condition.place, "a condition without values; correct it, or write it by hand");
        return Outcome::Refused;
    }
    let is_pattern = values.iter().any(|value| value.contains('*'));
    let mut callers = Callers::default();
    match key.as_str() {
        "request.auth.principal" => return principals(&values, &condition.place, providers, notes),
        "remote.ip" => return Outcome::Open(Some(networks(&values))),
        "source.ip" => {
            notes.lost(&condition.place, DIRECT);
            return Outcome::Refused;
        }
        "request.auth.claims[scope]" if !is_pattern => scopes(values, &mut callers),
        "request.auth.claims[client_id]" if !is_pattern => callers.clients = Some(values),
        "request.auth.claims[iss]" if !is_pattern => callers.issuers = Some(values),
        "request.auth.claims[aud]" | "request.auth.audiences" if !is_pattern => {
            return audiences(&values, condition, providers, notes);
        }
        _ => {
            notes.lost(
                &condition.place,
                "no rule about this; there are the claims scope, client_id, iss and aud with whole values, and \
                 remote.ip",
            );
            return Outcome::Refused;
        }
    }
    Outcome::Callers(callers)
}

/// The audiences of a route take the place of those of the issuers, which a token must name as well.
fn audiences(
    values: &[String],
    condition: &Source<'_>,
    providers: &[Provider],
    notes: &mut Notes,
) -> Outcome {
    let entries = issuers::entries(providers);
    let is_everywhere =
        |value: &&String| entries.iter().all(|entry| entry.audiences.contains(value));
    let common: Vec<_> = values.iter().filter(is_everywhere).cloned().collect();
    if common.is_empty() {
        notes.lost(
            &condition.place,
            "none of these audiences is among those of every issuer, which a token must name, too",
        );
        return Outcome::Refused;
    }
    notes.tighter(
        &condition.place,
        "a token could name one audience for its issuer and another one for this rule; now one must do for both",
    );
    Outcome::Callers(Callers { audiences: Some(common), ..Callers::default() })
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
        "notRemoteIpBlocks" if !texts.is_empty() => Outcome::Open(Some(networks(&texts))),
        _ => {
            notes.lost(&member.place, HINT);
            Outcome::Refused
        }
    }
}

fn unless_condition(condition: &Source<'_>, notes: &mut Notes) -> Outcome {
    let is_whole = condition.has_only(&["key", "notValues"], notes);
    let values = condition.texts("notValues", notes);
    let key = condition.text_at("key").unwrap_or_default();
    if !is_whole
        || key != "request.auth.claims[scope]"
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

const DIRECT: &str = "the address of the direct peer; routes compare that of the client: use remoteIpBlocks or remote.ip if \
     that is meant";
const HINT: &str = "denies by something that has no opposite here; it is refused altogether: say who may, in an ALLOW \
     policy";
