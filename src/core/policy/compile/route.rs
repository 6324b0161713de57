//! One entry of the document's `routes`.

use alloc::string::String;
use alloc::vec::Vec;

use ipnet::IpNet;

use super::non_empty;
use crate::claims::is_scope_token;
use crate::policy::document::{RouteDocument, ScopesDocument};
use crate::policy::error::PolicyError;
use crate::policy::host::HostPattern;
use crate::policy::issuer::IssuerPolicy;
use crate::policy::names::Names;
use crate::policy::path::{self, TemplateSegment};
use crate::policy::place::Place;
use crate::policy::route::{Methods, Mode, Requirements, Route, RouteName};

/// Checks the route at `index`; `place` is where it stands in the document.
pub(super) fn compile(
    mut document: RouteDocument,
    index: usize,
    place: &Place<'_>,
    issuers: &[IssuerPolicy],
    default_mode: Mode,
) -> Result<(Route, Vec<TemplateSegment>), PolicyError> {
    check_name(&document.name, place)?;
    let template = path::parse_template(&document.path)
        .map_err(|error| PolicyError::value(&place.member("path"), error.hint()))?;
    let callers = take_callers(&mut document, place)?;
    let route = Route {
        name: RouteName::new(&document.name, index),
        methods: methods(&document.methods, place)?,
        hosts: hosts(document.hosts.as_deref(), place)?,
        mode: document.mode.unwrap_or(default_mode),
        requirements: requirements(document, place, issuers)?,
    };
    check_purpose(&route, callers, place)?;
    Ok((route, template))
}

fn check_name(name: &str, place: &Place<'_>) -> Result<(), PolicyError> {
    let well_formed = (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if well_formed {
        return Ok(());
    }
    Err(PolicyError::value(&place.member("name"), "use 1 to 64 of A-Z, a-z, 0-9, `.`, `_` and `-`"))
}

fn methods(names: &[String], place: &Place<'_>) -> Result<Methods, PolicyError> {
    if names == ["*"] {
        return Ok(Methods::Any);
    }
    let is_method = |name: &String| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
    };
    if names.is_empty() || !names.iter().all(is_method) {
        return Err(PolicyError::value(
            &place.member("methods"),
            "name methods in upper case, such as [GET, HEAD], or [\"*\"] for all",
        ));
    }
    Ok(Methods::Named(names.into()))
}

fn hosts(patterns: Option<&[String]>, place: &Place<'_>) -> Result<Vec<HostPattern>, PolicyError> {
    let place = &place.member("hosts");
    let Some(patterns) = patterns else { return Ok([HostPattern::Any].into()) };
    if patterns.is_empty() {
        return Err(PolicyError::value(place, "empty; name a host, or leave the field out"));
    }
    let mut hosts = Vec::with_capacity(patterns.len());
    for (index, pattern) in patterns.iter().enumerate() {
        let Some(host) = HostPattern::parse(pattern) else {
            let message = "use a lower-case name without port, or *.example.com";
            return Err(PolicyError::value(&place.element(index), message));
        };
        hosts.push(host);
    }
    Ok(hosts)
}

fn requirements(
    document: RouteDocument,
    place: &Place<'_>,
    issuers: &[IssuerPolicy],
) -> Result<Requirements, PolicyError> {
    let (all_scopes, any_scopes) = scopes(document.scopes, place)?;
    let clients = non_empty(document.clients, &place.member("clients"))?;
    // Another issuer may give one of its programs the same name as yours.
    if clients.is_some() && document.issuers.is_none() && issuers.len() > 1 {
        return Err(PolicyError::conflict(
            &place.member("clients"),
            "the same client id may be another program at another issuer; name `issuers` as well",
        ));
    }
    Ok(Requirements {
        all_scopes,
        any_scopes,
        audiences: non_empty(document.audiences, &place.member("audiences"))?,
        issuers: issuer_positions(document.issuers, place, issuers)?,
        clients: clients.as_deref().map(set_of),
        networks: networks(document.networks, place)?,
        binding: document.binding,
    })
}

fn set_of(names: &[String]) -> Names {
    let mut set = Names::default();
    for (index, name) in names.iter().enumerate() {
        set.add(name.as_bytes(), index);
    }
    set
}

fn scopes(
    document: Option<ScopesDocument>,
    place: &Place<'_>,
) -> Result<(Vec<String>, Vec<String>), PolicyError> {
    let Some(document) = document else { return Ok((Vec::new(), Vec::new())) };
    if document.all.is_none() && document.any.is_none() {
        return Err(PolicyError::value(
            &place.member("scopes"),
            "empty; name scopes under `all` or `any`, or leave the field out",
        ));
    }
    let all = scope_list(document.all, &place.member("scopes").member("all"))?;
    let any = scope_list(document.any, &place.member("scopes").member("any"))?;
    Ok((all, any))
}

fn scope_list(names: Option<Vec<String>>, place: &Place<'_>) -> Result<Vec<String>, PolicyError> {
    let names = non_empty(names, place)?.unwrap_or_default();
    match names.iter().position(|name| !is_scope_token(name)) {
        None => Ok(names),
        Some(index) => Err(PolicyError::value(
            &place.element(index),
            "no scope token; use printable characters without space, quote and backslash",
        )),
    }
}

fn issuer_positions(
    names: Option<Vec<String>>,
    place: &Place<'_>,
    issuers: &[IssuerPolicy],
) -> Result<Option<Vec<usize>>, PolicyError> {
    let place = &place.member("issuers");
    let Some(names) = non_empty(names, place)? else { return Ok(None) };
    let mut positions = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let Some(position) = issuers.iter().position(|issuer| *issuer.issuer == **name) else {
            let message = "not among the policy's `issuers`; add it there or correct the spelling";
            return Err(PolicyError::conflict(&place.element(index), message));
        };
        positions.push(position);
    }
    Ok(Some(positions))
}

fn networks(
    texts: Option<Vec<String>>,
    place: &Place<'_>,
) -> Result<Option<Vec<IpNet>>, PolicyError> {
    network_list(texts, &place.member("networks"))
}

/// CIDR networks under `place`.
pub(super) fn network_list(
    texts: Option<Vec<String>>,
    place: &Place<'_>,
) -> Result<Option<Vec<IpNet>>, PolicyError> {
    let Some(texts) = non_empty(texts, place)? else { return Ok(None) };
    let mut networks = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let network = text.parse::<IpNet>().ok().filter(|network| network.trunc() == *network);
        let Some(network) = network else {
            let message = "no network; write it like 10.0.0.0/8, or 10.0.0.1/32 for one address";
            return Err(PolicyError::value(&place.element(index), message));
        };
        networks.push(network);
    }
    Ok(Some(networks))
}

/// Whom `clients` means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Callers {
    /// `["*"]`: every client with a valid token.
    All,
    /// Those it names, if it is there.
    Named,
}

/// Takes `clients: ["*"]` out of the document: it asks for nothing, but says that this is meant.
fn take_callers(document: &mut RouteDocument, place: &Place<'_>) -> Result<Callers, PolicyError> {
    let names = document.clients.as_deref().unwrap_or_default();
    if !names.iter().any(|name| name == "*") {
        return Ok(Callers::Named);
    }
    if names.len() > 1 {
        return Err(PolicyError::conflict(
            &place.member("clients"),
            "`*` is every client; name it alone, or leave it out",
        ));
    }
    document.clients = None;
    Ok(Callers::All)
}

/// Nothing is open by accident: a route names scopes or clients, or says that it is public.
fn check_purpose(route: &Route, callers: Callers, place: &Place<'_>) -> Result<(), PolicyError> {
    let required = &route.requirements;
    let names_callers = callers == Callers::All
        || !required.all_scopes.is_empty()
        || !required.any_scopes.is_empty()
        || required.clients.is_some();
    let restricts = names_callers
        || required.audiences.is_some()
        || required.issuers.is_some()
        || required.binding.is_some();
    match (route.mode, names_callers, restricts) {
        (Mode::Public, _, true) => Err(PolicyError::conflict(
            &place.member("mode"),
            "public, but with requirements that would never be asked; remove one of the two",
        )),
        (Mode::Enforce | Mode::Observe, false, _) => Err(PolicyError::value(
            &place.member("scopes"),
            "missing; name the scopes or clients that may call (`clients: [\"*\"]` for all with a valid token), or write \
             `mode: public`",
        )),
        (Mode::Public | Mode::Enforce | Mode::Observe, _, _) => Ok(()),
    }
}
