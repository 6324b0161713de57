//! What concerns us in a configuration, wherever it stands.

use super::super::source::Source;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Authentication,
    Rbac,
    /// Either of the two for one route.
    Exception,
}

/// Everything of ours, in its order; `providers` with `rules` is the filter without its wrapping.
pub(super) fn found<'a>(source: &Source<'a>) -> Vec<(Found, Source<'a>)> {
    let kind = match type_of(source, "@type") {
        Some(name) if name.ends_with(".TypedStruct") => return clothed(source),
        Some(name) => kind_of(name),
        None if source.place.is_empty() && source.field("providers").is_some() => {
            Some(Found::Authentication)
        }
        None => None,
    };
    if let Some(kind) = kind {
        return vec![(kind, source.clone())];
    }
    let below = |(name, child): (&str, Source<'a>)| {
        if is_switched_off(name, &child) { vec![(Found::Exception, child)] } else { found(&child) }
    };
    let elements = source.elements().into_iter().map(|child| ("", child));
    source.members().into_iter().chain(elements).flat_map(below).collect()
}

/// A message in other clothes: how control planes write what they have no type for.
fn clothed<'a>(source: &Source<'a>) -> Vec<(Found, Source<'a>)> {
    let kind = type_of(source, "type_url").or_else(|| type_of(source, "typeUrl")).and_then(kind_of);
    kind.zip(source.field("value")).into_iter().collect()
}

/// How Envoy switches any filter off for a route, by the name of the filter.
fn is_switched_off(name: &str, source: &Source<'_>) -> bool {
    let is_ours = name.contains("jwt") || name.contains("rbac");
    let is_switch =
        type_of(source, "@type").is_some_and(|name| name.ends_with("route.v3.FilterConfig"));
    is_ours && is_switch && source.is_true("disabled")
}

fn type_of<'a>(source: &Source<'a>, member: &str) -> Option<&'a str> {
    source.value.get(member).and_then(|name| name.as_str())
}

fn kind_of(name: &str) -> Option<Found> {
    let name = name.rsplit('/').next().unwrap_or_default();
    let (package, message) = name.rsplit_once('.')?;
    match (package, message) {
        (_, "JwtAuthentication") => Some(Found::Authentication),
        (package, "PerRouteConfig") if package.contains("jwt_authn") => Some(Found::Exception),
        (_, "RBACPerRoute") => Some(Found::Exception),
        (package, "RBAC") if package.contains("filters.http") => Some(Found::Rbac),
        _ => None,
    }
}
