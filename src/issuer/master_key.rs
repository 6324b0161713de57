//! The one secret of an issuer: 256 bits from which the sealing key and the pepper are derived.
//!
//! It lives outside the database, in the environment or in a file, so that a stolen database or
//! backup reveals neither a signing key nor a client secret.

mod source;

use aws_lc_rs::hmac;
use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

pub use self::source::{MASTER_KEY_VARIABLE, MasterKeyError};
pub(crate) use self::source::{create, load};
use crate::random::{self, RandomError};
use crate::secret::Pepper;
use crate::signing::Sealer;

const SALT: &[u8] = b"edgelatch";
const PEPPER_LABEL: &[u8] = b"edgelatch client secret pepper v1";
const SEALING_LABEL: &[u8] = b"edgelatch signing key sealing v1";
const CHECK_LABEL: &[u8] = b"edgelatch master key check v1";

/// 256 bits, wiped when dropped, and where they were found.
pub(crate) struct MasterKey {
    bytes: Zeroizing<[u8; 32]>,
    place: String,
}

impl MasterKey {
    pub(crate) fn generate(place: String) -> Result<Self, RandomError> {
        Ok(Self { bytes: random::bytes()?, place })
    }

    /// From 43 characters of base64url; surrounding white space is an editor's habit, so allowed.
    pub(crate) fn parse(text: &str, place: String) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        let decoded = Base64UrlUnpadded::decode(text.trim(), bytes.as_mut_slice()).ok()?;
        (decoded.len() == 32).then_some(())?;
        Some(Self { bytes, place })
    }

    /// Where it comes from, in words for an operator.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64UrlUnpadded::encode_string(self.bytes.as_slice()))
    }

    pub(crate) fn pepper(&self) -> Pepper {
        Pepper::new(&self.derive(PEPPER_LABEL))
    }

    pub(crate) fn sealer(&self) -> Sealer {
        Sealer::new(&self.derive(SEALING_LABEL))
    }

    /// A value to keep in the database: it tells a wrong master key at start and reveals nothing.
    pub(crate) fn check_value(&self) -> [u8; 32] {
        *self.derive(CHECK_LABEL)
    }

    /// HKDF-SHA-256 (RFC 5869 s2.2 and s2.3) for one hash of output, where it is two HMACs and
    /// cannot fail. A label per use, so that one derived key says nothing of another.
    fn derive(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let salt = hmac::Key::new(hmac::HMAC_SHA256, SALT);
        let extracted = hmac::sign(&salt, self.bytes.as_slice());
        let mut expand =
            hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref()));
        expand.update(label);
        expand.update(&[1]);
        let mut derived = Zeroizing::new([0; 32]);
        for (to, from) in derived.iter_mut().zip(expand.sign().as_ref()) {
            *to = *from;
        }
        derived
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hkdf;

    use super::*;

    fn key(byte: u8) -> MasterKey {
        MasterKey { bytes: Zeroizing::new([byte; 32]), place: String::new() }
    }

    fn parse(text: &str) -> Option<MasterKey> {
        MasterKey::parse(text, String::new())
    }

    #[test]
    fn reads_back_its_own_text() {
        let text = key(3).to_text();
        let parsed = parse(&format!("{}\n", text.as_str())).unwrap();
        assert_eq!(parsed.check_value(), key(3).check_value());
    }

    #[test]
    fn refuses_text_of_another_length() {
        assert!(parse("").is_none());
        assert!(parse(&"A".repeat(42)).is_none());
        assert!(parse(&"A".repeat(44)).is_none());
    }

    #[test]
    fn derives_unrelated_keys_for_each_use() {
        assert_ne!(key(3).derive(PEPPER_LABEL), key(3).derive(SEALING_LABEL));
        assert_ne!(key(3).derive(PEPPER_LABEL), key(4).derive(PEPPER_LABEL));
        assert_ne!(*key(3).derive(CHECK_LABEL), [0; 32]);
    }

    #[test]
    fn derives_as_hkdf_does() {
        let mut expected = [0; 32];
        hkdf::Salt::new(hkdf::HKDF_SHA256, SALT)
            .extract(&[3; 32])
            .expand(&[PEPPER_LABEL], hkdf::HKDF_SHA256)
            .and_then(|output| output.fill(&mut expected))
            .unwrap();
        assert_eq!(*key(3).derive(PEPPER_LABEL), expected);
    }
}
