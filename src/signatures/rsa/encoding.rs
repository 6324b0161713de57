//! What an RSA signature must hold (RFC 8017 s9).

use alloc::vec::Vec;
use core::iter;

use crate::hash::Hash;

/// EMSA-PKCS1-v1_5 (s9.2). Compares with the one encoding that there is. Reading the encoding instead
/// is how forgeries by garbage behind the digest came about (CVE-2006-4339 and many after it).
pub(super) fn is_pkcs1(encoded: &[u8], hash: Hash, digest: &[u8]) -> bool {
    let prefix = digest_info(hash);
    let rest = prefix.len().saturating_add(digest.len()).saturating_add(3);
    // s9.2 step 3: at least eight bytes of padding.
    let Some(padding) = encoded.len().checked_sub(rest).filter(|padding| *padding >= 8) else {
        return false;
    };
    let expected = [0, 1]
        .into_iter()
        .chain(iter::repeat_n(0xff, padding))
        .chain(iter::once(0))
        .chain(prefix.iter().copied())
        .chain(digest.iter().copied());
    encoded.iter().copied().eq(expected)
}

/// EMSA-PSS (s9.1.2) with MGF1 over the same hash and a salt as long as the digest (RFC 7518 s3.5).
pub(super) fn is_pss(encoded: &[u8], modulus_bits: usize, hash: Hash, digest: &[u8]) -> bool {
    read_pss(encoded, modulus_bits, hash, digest).unwrap_or(false)
}

fn read_pss(encoded: &[u8], modulus_bits: usize, hash: Hash, digest: &[u8]) -> Option<bool> {
    // The encoding is one bit shorter than the modulus, so it may be a byte shorter than the number.
    let bits = modulus_bits.checked_sub(1)?;
    let (outside, encoded) =
        encoded.split_at_checked(encoded.len().checked_sub(bits.div_ceil(8))?)?;
    let (body, trailer) = encoded.split_at_checked(encoded.len().checked_sub(1)?)?;
    let (masked, seed) = body.split_at_checked(body.len().checked_sub(hash.length())?)?;
    let first_mask = 0xff_u8 >> (bits.div_ceil(8).checked_mul(8)?.checked_sub(bits)?);
    if outside.iter().any(|byte| *byte != 0)
        || trailer != [0xbc]
        || masked.first()? & !first_mask != 0
    {
        return None;
    }
    let mut block: Vec<u8> =
        masked.iter().zip(mask(seed, masked.len(), hash)).map(|(a, b)| a ^ b).collect();
    *block.first_mut()? &= first_mask;
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(hash.length())?)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|byte| *byte != 0) {
        return None;
    }
    Some(hash.digest(&[&[0; 8], digest, salt]) == seed)
}

/// MGF1 (sB.2.1).
fn mask(seed: &[u8], length: usize, hash: Hash) -> Vec<u8> {
    let blocks = (0_u32..).map(|counter| hash.digest(&[seed, &counter.to_be_bytes()]));
    blocks.flatten().take(length).collect()
}

/// The DER in front of a digest (s9.2 note 1), with the NULL that some leave out: then it is another
/// encoding and no signature of ours.
fn digest_info(hash: Hash) -> [u8; 19] {
    let (length, name, digest) = match hash {
        Hash::Sha256 => (0x31, 1, 0x20),
        Hash::Sha384 => (0x41, 2, 0x30),
        Hash::Sha512 => (0x51, 3, 0x40),
    };
    [
        0x30, length, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, name,
        0x05, 0x00, 0x04, digest,
    ]
}
