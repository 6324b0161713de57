//! Last stage: whether an authentic, valid token allows this request on this route.

use core::net::IpAddr;

use ipnet::IpNet;

use crate::binding::BindingError;
use crate::claims::Claims;
use crate::policy::{RequiredBinding, Requirements};

/// What about the caller does not fit the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantError {
    /// The client is not among the route's.
    Client,
    /// The issuer is not among the route's.
    Issuer,
    /// The source address is unknown or in none of the networks of the route or the client.
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
    if required
        .clients
        .as_ref()
        .is_some_and(|allowed| !allowed.contains(claims.client_id.as_bytes()))
    {
        return Err(GrantError::Client);
    }
    let all = required.all_scopes.iter().all(|scope| claims.has_scope(scope));
    let any = required.any_scopes.is_empty()
        || required.any_scopes.iter().any(|scope| claims.has_scope(scope));
    if all && any { Ok(()) } else { Err(GrantError::Scope) }
}

/// Checks that the token is bound as the route wants it; whether it is in the right hands was asked
/// before.
pub(crate) fn check_binding(claims: &Claims, required: &Requirements) -> Result<(), BindingError> {
    let confirmation = claims.confirmation.as_deref().copied().unwrap_or_default();
    let is_bound = match required.binding {
        None => true,
        Some(RequiredBinding::Certificate) => confirmation.certificate.is_some(),
        Some(RequiredBinding::Proof) => confirmation.key.is_some(),
    };
    if is_bound { Ok(()) } else { Err(BindingError::Route) }
}

/// Checks where the request comes from; an unknown source is in no network.
pub(crate) fn check_network(
    source: Option<IpAddr>,
    networks: Option<&[IpNet]>,
) -> Result<(), GrantError> {
    let Some(networks) = networks else { return Ok(()) };
    // An IPv4 client of a dual-stack listener arrives as ::ffff:a.b.c.d.
    let source = source.map(|address| address.to_canonical());
    if source.is_some_and(|source| networks.iter().any(|network| network.contains(&source))) {
        Ok(())
    } else {
        Err(GrantError::Network)
    }
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    fn networks(texts: &[&str]) -> Vec<IpNet> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn check(source: Option<&str>, networks: &[IpNet]) -> bool {
        check_network(source.map(|text| text.parse().unwrap()), Some(networks)).is_ok()
    }

    #[test]
    fn admits_sources_in_a_network_only() {
        let required = networks(&["10.0.0.0/8", "2001:db8::/32"]);
        assert!(check(Some("10.255.0.1"), &required));
        assert!(check(Some("2001:db8::1"), &required));
        assert!(!check(Some("11.0.0.1"), &required));
        assert!(!check(Some("2001:db9::1"), &required));
    }

    #[test]
    fn knows_an_ipv4_source_in_ipv6_clothes() {
        assert!(check(Some("::ffff:10.0.0.1"), &networks(&["10.0.0.0/8"])));
        assert!(!check(Some("::ffff:11.0.0.1"), &networks(&["10.0.0.0/8"])));
    }

    #[test]
    fn an_unknown_source_is_in_no_network() {
        assert!(!check(None, &networks(&["0.0.0.0/0"])));
        assert_eq!(check_network(None, None), Ok(()));
    }
}
