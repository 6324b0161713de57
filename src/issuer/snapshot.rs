//! What the token endpoint answers from: all clients and keys as of one moment, in memory.
//!
//! No request touches the database. A change on disk, also by another process, is noticed by
//! [`watch`](self::watch) and the whole snapshot is swapped, so no request sees half of it.

mod key_set;
mod watch;

use core::fmt;
use std::collections::HashMap;

pub(crate) use self::key_set::KeySet;
pub(crate) use self::watch::Watcher;
use crate::signing::{Sealer, SigningAlgorithm, SigningKey};
use crate::store::{Client, Contents, KeyRecord, KeyState};

/// Clients by id, the published keys and the one that signs.
pub(crate) struct Snapshot {
    clients: HashMap<String, Client>,
    key_set: KeySet,
    signer: Option<Signer>,
    newest_change: u64,
}

/// The active key, unsealed.
pub(crate) struct Signer {
    pub(crate) key_id: String,
    pub(crate) key: SigningKey,
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
            "signing key cannot be opened: {}; restore the database from a backup",
            self.key_id
        )
    }
}

impl core::error::Error for UnusableKey {}

impl Snapshot {
    /// Unseals the active key and indexes the clients.
    pub(crate) fn build(contents: Contents, sealer: &Sealer) -> Result<Self, UnusableKey> {
        let newest_change = newest_change(&contents);
        let active = contents.keys.iter().find(|key| key.state == KeyState::Active);
        let signer = active.map(|key| open(key, sealer)).transpose()?;
        let key_set = KeySet::build(&contents.keys)?;
        let by_id = |client: Client| (client.client_id.clone(), client);
        let clients = contents.clients.into_iter().map(by_id).collect();
        Ok(Self { clients, key_set, signer, newest_change })
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

    /// When the database last changed: a clock that says less was set back.
    pub(crate) fn newest_change(&self) -> u64 {
        self.newest_change
    }
}

fn open(record: &KeyRecord, sealer: &Sealer) -> Result<Signer, UnusableKey> {
    let unusable = || UnusableKey { key_id: record.key_id.clone() };
    let pkcs8 = sealer.open(&record.key_id, &record.sealed_private_key).map_err(|_| unusable())?;
    let key = SigningKey::parse(record.algorithm, &pkcs8).map_err(|_| unusable())?;
    Ok(Signer { key_id: record.key_id.clone(), key })
}

fn newest_change(contents: &Contents) -> u64 {
    let clients = contents.clients.iter().map(|client| client.changed_at);
    let keys = contents.keys.iter().map(|key| key.created_at);
    clients.chain(keys).max().unwrap_or(0)
}

/// A new active key, sealed and ready to be stored.
pub(crate) fn generate_key(
    algorithm: SigningAlgorithm,
    sealer: &Sealer,
    now: u64,
) -> Result<KeyRecord, crate::signing::SigningError> {
    let (key, pkcs8) = SigningKey::generate(algorithm)?;
    let public_key = key.public_key()?;
    let key_id = crate::signing::key_id(&public_key);
    Ok(KeyRecord {
        sealed_private_key: sealer.seal(&key_id, &pkcs8)?,
        key_id,
        algorithm,
        // The first key of an issuer signs at once: nobody has cached a key set without it.
        state: KeyState::Active,
        created_at: now,
        activated_at: Some(now),
        public_key: public_key.to_string(),
    })
}
