//! Last stage: whether an authentic, valid token allows this request on this route.

use core::net::IpAddr;

use crate::claims::Claims;
use crate::policy::Requirements;

/// What about the caller does not fit the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantError {
    /// The client is not among the route's.
    Client,
    /// The issuer is not among the route's.
    Issuer,
    /// The source address is unknown or not in the route's networks.
    Network,
    /// A required scope was not granted.
    Scope,
}

/// Checks what the route asks of the token; `issuer` is its position in the policy.
pub(crate) fn check(
    claims: &Claims,
    issuer: usize,
    required: &Requirements,
) -> Result<(), GrantError> {
    if required.issuers.as_ref().is_some_and(|allowed| !allowed.contains(&issuer)) {
        return Err(GrantError::Issuer);
    }
    if required.clients.as_ref().is_some_and(|allowed| !allowed.contains(&claims.client_id)) {
        return Err(GrantError::Client);
    }
    let all = required.all_scopes.iter().all(|scope| claims.has_scope(scope));
    let any = required.any_scopes.is_empty()
        || required.any_scopes.iter().any(|scope| claims.has_scope(scope));
    if all && any { Ok(()) } else { Err(GrantError::Scope) }
}

/// Checks where the request comes from; an unknown source is in no network.
pub(crate) fn check_network(
    source: Option<IpAddr>,
    required: &Requirements,
) -> Result<(), GrantError> {
    let Some(networks) = &required.networks else { return Ok(()) };
    // An IPv4 client of a dual-stack listener arrives as ::ffff:a.b.c.d.
    let source = source.map(|address| address.to_canonical());
    if source.is_some_and(|source| networks.iter().any(|network| network.contains(&source))) {
        Ok(())
    } else {
        Err(GrantError::Network)
    }
}
