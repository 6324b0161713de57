//! Encryption of private keys at rest.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use super::{SigningAlgorithm, SigningError};
use crate::random;

/// AES-256-GCM under a key derived from the master key.
///
/// Id and algorithm of the signing key are associated data: a sealed key copied to the row of
/// another one does not open, so nobody who can write the database can swap keys.
pub(crate) struct Sealer(Option<LessSafeKey>);

impl Sealer {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(UnboundKey::new(&AES_256_GCM, key).ok().map(LessSafeKey::new))
    }

    /// Nonce, ciphertext and tag. A random nonce is safe here: an issuer seals a few keys a year.
    pub(crate) fn seal(
        &self,
        key_id: &str,
        algorithm: SigningAlgorithm,
        secret: &[u8],
    ) -> Result<Vec<u8>, SigningError> {
        let nonce = *random::bytes::<NONCE_LEN>().map_err(|_| SigningError)?;
        let mut body = Zeroizing::new(secret.to_vec());
        let tag = self
            .key()?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                associated(key_id, algorithm),
                body.as_mut_slice(),
            )
            .map_err(|_| SigningError)?;
        Ok([nonce.as_slice(), body.as_slice(), tag.as_ref()].concat())
    }

    pub(crate) fn open(
        &self,
        key_id: &str,
        algorithm: SigningAlgorithm,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SigningError> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(SigningError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SigningError)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .key()?
            .open_in_place(nonce, associated(key_id, algorithm), body.as_mut_slice())
            .map_err(|_| SigningError)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    fn key(&self) -> Result<&LessSafeKey, SigningError> {
        self.0.as_ref().ok_or(SigningError)
    }
}

/// Neither part has a dot in it, so no two pairs read the same.
fn associated(key_id: &str, algorithm: SigningAlgorithm) -> Aad<Vec<u8>> {
    Aad::from(format!("{}.{key_id}", algorithm.name()).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::SigningAlgorithm::{Es256, Rs256};
    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(&[9; 32])
    }

    #[test]
    fn opens_what_it_sealed() {
        let sealed = sealer().seal("key", Es256, b"private").unwrap();
        assert_eq!(sealer().open("key", Es256, &sealed).unwrap().as_slice(), b"private");
        assert!(!sealed.windows(7).any(|window| window == b"private"));
    }

    #[test]
    fn refuses_the_row_of_another_key() {
        let sealed = sealer().seal("key", Es256, b"private").unwrap();
        assert!(sealer().open("other", Es256, &sealed).is_err());
        assert!(sealer().open("key", Rs256, &sealed).is_err());
    }

    #[test]
    fn refuses_another_master_key() {
        let sealed = sealer().seal("key", Es256, b"private").unwrap();
        assert!(Sealer::new(&[8; 32]).open("key", Es256, &sealed).is_err());
    }

    #[test]
    fn refuses_every_flipped_bit_and_every_truncation() {
        let sealed = sealer().seal("key", Es256, b"private").unwrap();
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(sealer().open("key", Es256, &changed).is_err());
            assert!(sealer().open("key", Es256, &sealed[..position]).is_err());
        }
    }
}
