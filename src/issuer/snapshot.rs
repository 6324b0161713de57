//! What the token endpoint answers from: all clients and keys as of one moment, in memory.
//!
//! No request for a token touches the database. A change on disk, also by another process, is noticed by
//! [`watch`](self::watch) and the whole snapshot is swapped, so no request sees half of it.

mod key_set;
mod keys;
mod watch;

use core::fmt;
use std::collections::HashMap;

pub(crate) use self::key_set::KeySet;
use self::keys::OpenKey;
pub(crate) use self::keys::{Signer, generate_key};
pub(crate) use self::watch::Watcher;
use crate::signing::{Sealer, SigningKey};
use crate::status::StatusList;
use crate::store::{Client, Contents};

/// Clients by id, the published keys and the one that signs.
pub(crate) struct Snapshot {
    clients: HashMap<String, Client>,
    key_set: KeySet,
    signer: Option<Signer>,
    /// Announced and retired keys, which only recognise what they signed.
    others: Vec<Signer>,
    status: StatusList,
    newest_change: u64,
}

/// A stored key cannot be used. The id is ours, so it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableKey {
    /// The `kid`.
    pub key_id: String,
}

impl fmt::Display for UnusableKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "signing key cannot be used: {}; restore the database from a backup",
            self.key_id
        )
    }
}

impl core::error::Error for UnusableKey {}

impl Snapshot {
    /// Opens the published keys and indexes the clients. Keys that cannot be used are left out and
    /// named: what changed for the clients must be obeyed all the same.
    pub(crate) fn build(
        contents: Contents,
        sealer: &Sealer,
        earlier: Option<&Self>,
    ) -> (Self, Vec<UnusableKey>) {
        let newest_change = newest_change(&contents);
        let (keys, unusable) = keys::open_published(&contents.keys, sealer);
        let key_set = KeySet::build(&keys);
        let (active, others): (Vec<_>, Vec<_>) = keys.into_iter().partition(OpenKey::is_active);
        let signer = active.into_iter().next().map(OpenKey::into_signer);
        let others = others.into_iter().map(OpenKey::into_signer).collect();
        let by_id = |client: Client| (client.client_id.clone(), client);
        let clients = contents.clients.into_iter().map(by_id).collect();
        let status = StatusList::build(contents.status, earlier.map(|snapshot| &snapshot.status));
        (Self { clients, key_set, signer, others, status, newest_change }, unusable)
    }

    pub(crate) fn client(&self, client_id: &str) -> Option<&Client> {
        self.clients.get(client_id)
    }

    pub(crate) fn key_set(&self) -> &KeySet {
        &self.key_set
    }

    /// The active key; none between the withdrawal of a key and the next one.
    pub(crate) fn signer(&self) -> Option<&Signer> {
        self.signer.as_ref()
    }

    /// A key that validators may see, by its `kid`.
    pub(crate) fn published_key(&self, key_id: &str) -> Option<&SigningKey> {
        let found = self.signer.iter().chain(&self.others).find(|key| key.key_id == key_id);
        found.map(|signer| &signer.key)
    }

    /// What was taken away.
    pub(crate) fn status(&self) -> &StatusList {
        &self.status
    }

    /// When the database last changed: a clock that says less was set back.
    pub(crate) fn newest_change(&self) -> u64 {
        self.newest_change
    }
}

fn newest_change(contents: &Contents) -> u64 {
    let clients = contents.clients.iter().map(|client| client.changed_at);
    let keys = contents.keys.iter().map(|key| key.created_at);
    // A client that was removed took its own time along.
    let taken = [contents.status.changed_at / 1000];
    clients.chain(keys).chain(taken).max().unwrap_or(0)
}
