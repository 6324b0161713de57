//! From which networks each client may call, whatever the route.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use ipnet::IpNet;

/// The networks of the clients that have any named.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientNetworks {
    /// By position of the issuer in the policy: a client is one of its issuer's.
    issuers: BTreeMap<usize, BTreeMap<String, Vec<IpNet>>>,
}

impl ClientNetworks {
    /// The networks of a client; none if it may call from everywhere.
    pub(crate) fn find(&self, issuer: usize, client_id: &str) -> Option<&[IpNet]> {
        self.issuers.get(&issuer)?.get(client_id).map(Vec::as_slice)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.issuers.is_empty()
    }

    /// Adds a client, unless it is there already.
    pub(super) fn add(&mut self, issuer: usize, client_id: String, networks: Vec<IpNet>) -> bool {
        self.issuers.entry(issuer).or_default().insert(client_id, networks).is_none()
    }
}
