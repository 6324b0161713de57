//! Signing keys between database and use.

use jwt_compact::jwk::JsonWebKey;

use super::UnusableKey;
use crate::signing::{Sealer, SigningAlgorithm, SigningError, SigningKey, key_id};
use crate::store::{KeyRecord, KeyState};

/// A published key, unsealed. Only the active one signs.
pub(crate) struct Signer {
    pub(crate) key_id: String,
    pub(crate) key: SigningKey,
}

/// A stored key that was opened, so that it is ours: nobody else could have sealed it.
pub(super) struct OpenKey<'a> {
    pub(super) record: &'a KeyRecord,
    pub(super) public_key: JsonWebKey<'static>,
    key: SigningKey,
}

impl OpenKey<'_> {
    pub(super) fn is_active(&self) -> bool {
        self.record.state == KeyState::Active
    }

    pub(super) fn into_signer(self) -> Signer {
        Signer { key_id: self.record.key_id.clone(), key: self.key }
    }
}

/// Opens the keys that validators may see; the second list names those that do not open.
pub(super) fn open_published<'a>(
    records: &'a [KeyRecord],
    sealer: &Sealer,
) -> (Vec<OpenKey<'a>>, Vec<UnusableKey>) {
    let (mut keys, mut unusable) = (Vec::new(), Vec::new());
    for record in records.iter().filter(|record| record.state.is_published()) {
        match open(record, sealer) {
            Ok(key) => keys.push(key),
            Err(SigningError) => unusable.push(UnusableKey { key_id: record.key_id.clone() }),
        }
    }
    (keys, unusable)
}

/// The public half comes from the private one, and its name from itself: whoever can write the
/// database, but does not know the master key, cannot have a key of their own published.
fn open<'a>(record: &'a KeyRecord, sealer: &Sealer) -> Result<OpenKey<'a>, SigningError> {
    let pkcs8 = sealer.open(&record.key_id, record.algorithm, &record.sealed_private_key)?;
    let key = SigningKey::parse(record.algorithm, &pkcs8)?;
    let public_key = key.public_key()?;
    if key_id(&public_key) != record.key_id {
        return Err(SigningError);
    }
    Ok(OpenKey { record, public_key, key })
}

/// A new active key, sealed and ready to be stored.
pub(crate) fn generate_key(
    algorithm: SigningAlgorithm,
    sealer: &Sealer,
    now: u64,
) -> Result<KeyRecord, SigningError> {
    let (key, pkcs8) = SigningKey::generate(algorithm)?;
    let key_id = key_id(&key.public_key()?);
    Ok(KeyRecord {
        sealed_private_key: sealer.seal(&key_id, algorithm, &pkcs8)?,
        key_id,
        algorithm,
        // The first key of an issuer signs at once: nobody has cached a key set without it.
        state: KeyState::Active,
        created_at: now,
        activated_at: Some(now),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(&[5; 32])
    }

    fn key() -> KeyRecord {
        generate_key(SigningAlgorithm::Es256, &sealer(), 1).unwrap()
    }

    fn check(record: KeyRecord, usable: usize) {
        let records = [record];
        let (keys, unusable) = open_published(&records, &sealer());
        assert_eq!((keys.len(), unusable.len()), (usable, 1 - usable));
    }

    #[test]
    fn opens_its_own_keys() {
        check(key(), 1);
    }

    #[test]
    fn refuses_keys_that_others_have_put_into_the_database() {
        check(KeyRecord { sealed_private_key: Vec::new(), ..key() }, 0);
        check(KeyRecord { sealed_private_key: key().sealed_private_key, ..key() }, 0);
        check(KeyRecord { algorithm: SigningAlgorithm::Ed25519, ..key() }, 0);
        check(generate_key(SigningAlgorithm::Es256, &Sealer::new(&[6; 32]), 1).unwrap(), 0);
    }

    /// Sealed by us, but under a name that is not its thumbprint.
    #[test]
    fn refuses_a_key_under_another_name() {
        let (_, pkcs8) = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        let sealed_private_key = sealer().seal("name", SigningAlgorithm::Es256, &pkcs8).unwrap();
        check(KeyRecord { key_id: "name".to_owned(), sealed_private_key, ..key() }, 0);
    }
}
