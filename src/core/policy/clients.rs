//! From which networks each client may call, whatever the route.

use alloc::vec::Vec;

use ipnet::IpNet;

use super::names::Names;

/// The networks of the clients that have any named.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientNetworks {
    /// By position of the issuer in the policy: a client is one of its issuer's. The numbers are positions
    /// in `networks`.
    issuers: Vec<Names>,
    networks: Vec<Vec<IpNet>>,
}

impl ClientNetworks {
    /// The networks of a client; none if it may call from everywhere.
    pub(crate) fn find(&self, issuer: usize, client_id: &str) -> Option<&[IpNet]> {
        let position = self.issuers.get(issuer)?.find(client_id.as_bytes())?;
        self.networks.get(position).map(Vec::as_slice)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.networks.is_empty()
    }

    /// Adds a client, unless it is there already.
    pub(super) fn add(&mut self, issuer: usize, client_id: &str, networks: Vec<IpNet>) -> bool {
        while self.issuers.len() <= issuer {
            self.issuers.push(Names::default());
        }
        let position = self.networks.len();
        let names = self.issuers.get_mut(issuer);
        let is_new =
            names.is_some_and(|names| names.add(client_id.as_bytes(), position) == position);
        if is_new {
            self.networks.push(networks);
        }
        is_new
    }
}
