//! RSA signatures, and PKCS #1 v1.5 blocks as forgers build them.

use rsa::rand_core::{CryptoRng, RngCore, impls};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, Pkcs1v15Sign, Pss, RsaPrivateKey, RsaPublicKey};
use serde::Deserialize;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::signing::Manner;
use super::{Keys, MintError};

/// `DigestInfo` of SHA-256 up to the digest, and the same without the NULL parameter.
const SHA256_INFO: &[u8] =
    b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
const SHA256_INFO_WITHOUT_NULL: &[u8] =
    b"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20";

/// A block that differs from the one of RFC 8017 s9.2 in one thing.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// Eight bytes of padding, the rest garbage after the digest (Bleichenbacher 2006).
    TrailingGarbage,
    /// Block type 2, as for encryption.
    TypeTwo,
    /// The digest without `DigestInfo`.
    BareDigest,
    /// `DigestInfo` without the NULL parameter.
    WithoutNull,
    /// One padding byte is not 0xff.
    BrokenPadding,
}

/// The public half of the key called `key`.
pub(super) fn public(keys: &Keys, key: &str) -> Result<RsaPublicKey, MintError> {
    let number = |member| keys.bytes(key, member).map(|bytes| BigUint::from_bytes_be(&bytes));
    RsaPublicKey::new(number("n")?, number("e")?)
        .map_err(|_| MintError::new(format!("{key} is not a usable RSA key")))
}

/// The signature bytes of `message`; `algorithm` is RS256 to PS512.
pub(super) fn sign(
    keys: &Keys,
    key: &str,
    algorithm: &str,
    manner: &Manner,
    message: &[u8],
) -> Result<Vec<u8>, MintError> {
    let private = private(keys, key)?;
    if let Some(block) = manner.block {
        return Ok(exponentiate(&private, &build(block, private.size(), message)));
    }
    let unknown = || MintError::new(format!("nobody signs with algorithm {algorithm}"));
    let (family, bits) = algorithm.split_at_checked(2).ok_or_else(unknown)?;
    let digest = match bits {
        "256" => Sha256::digest(message).to_vec(),
        "384" => Sha384::digest(message).to_vec(),
        "512" => Sha512::digest(message).to_vec(),
        _ => return Err(unknown()),
    };
    let salt = manner.salt.unwrap_or(digest.len());
    let mut random = Sequence(0);
    match (family, bits) {
        ("RS", "256") => private.sign(Pkcs1v15Sign::new::<Sha256>(), &digest),
        ("RS", "384") => private.sign(Pkcs1v15Sign::new::<Sha384>(), &digest),
        ("RS", _) => private.sign(Pkcs1v15Sign::new::<Sha512>(), &digest),
        ("PS", "256") => {
            private.sign_with_rng(&mut random, Pss::new_with_salt::<Sha256>(salt), &digest)
        }
        ("PS", "384") => {
            private.sign_with_rng(&mut random, Pss::new_with_salt::<Sha384>(salt), &digest)
        }
        ("PS", _) => {
            private.sign_with_rng(&mut random, Pss::new_with_salt::<Sha512>(salt), &digest)
        }
        _ => return Err(unknown()),
    }
    .map_err(|error| MintError::new(format!("{key} cannot sign {algorithm}: {error}")))
}

fn private(keys: &Keys, key: &str) -> Result<RsaPrivateKey, MintError> {
    let number = |member| keys.bytes(key, member).map(|bytes| BigUint::from_bytes_be(&bytes));
    let primes = vec![number("p")?, number("q")?];
    RsaPrivateKey::from_components(number("n")?, number("e")?, number("d")?, primes)
        .map_err(|_| MintError::new(format!("{key} is not a usable RSA key")))
}

fn build(block: Block, size: usize, message: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(message);
    let info = match block {
        Block::BareDigest => digest.to_vec(),
        Block::WithoutNull => [SHA256_INFO_WITHOUT_NULL, &digest].concat(),
        _ => [SHA256_INFO, &digest].concat(),
    };
    let full = size.saturating_sub(info.len() + 3);
    let (kind, padding, garbage) = match block {
        Block::TrailingGarbage => (1, vec![0xff; 8], full.saturating_sub(8)),
        Block::TypeTwo => (2, vec![0x5a; full], 0),
        Block::BrokenPadding => (1, [vec![0xff; full.saturating_sub(1)], vec![0xfe]].concat(), 0),
        Block::BareDigest | Block::WithoutNull => (1, vec![0xff; full], 0),
    };
    [vec![0, kind], padding, vec![0], info, vec![0x5a; garbage]].concat()
}

/// The raw private-key operation: what nobody but a forger or a test does with any block.
fn exponentiate(private: &RsaPrivateKey, block: &[u8]) -> Vec<u8> {
    let signature = BigUint::from_bytes_be(block).modpow(private.d(), private.n()).to_bytes_be();
    [vec![0; private.size().saturating_sub(signature.len())], signature].concat()
}

/// "Random" bytes that are the same in every run, for the salt of PSS.
struct Sequence(u64);

impl RngCore for Sequence {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.next_u64().to_be_bytes()[0];
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Sequence {}
