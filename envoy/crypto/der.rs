//! The little DER (X.690 s8, s10) that keys and signatures need on their way to Envoy.

use edgelatch_core::KeyMaterial;

/// Appends a key as `SubjectPublicKeyInfo` (RFC 5280 s4.1). Envoy takes no other form.
/// Ed25519 keys are never sent; for one, nothing is appended.
pub(super) fn push_key(out: &mut Vec<u8>, key: &KeyMaterial) {
    match key {
        KeyMaterial::P256 { x, y } => {
            out.extend_from_slice(&P256_PREFIX);
            out.extend_from_slice(x);
            out.extend_from_slice(y);
        }
        KeyMaterial::Rsa { modulus, exponent } => push_rsa(out, modulus, exponent),
        KeyMaterial::Ed25519 { .. } => {}
    }
}

/// Appends an ECDSA signature as `ECDSA-Sig-Value` (RFC 3279 s2.2.3). A JWS has r and s side by side
/// (RFC 7518 s3.4).
pub(super) fn push_ecdsa(out: &mut Vec<u8>, r: &[u8], s: &[u8]) {
    push_header(out, SEQUENCE, integer_size(r) + integer_size(s));
    push_integer(out, r);
    push_integer(out, s);
}

/// RFC 8017 sA.1.1 inside RFC 3279 s2.3.1.
fn push_rsa(out: &mut Vec<u8>, modulus: &[u8], exponent: &[u8]) {
    let numbers = integer_size(modulus) + integer_size(exponent);
    let bit_string = 1 + size(numbers);
    push_header(out, SEQUENCE, RSA_ALGORITHM.len() + size(bit_string));
    out.extend_from_slice(&RSA_ALGORITHM);
    push_header(out, BIT_STRING, bit_string);
    out.push(0); // No unused bits.
    push_header(out, SEQUENCE, numbers);
    push_integer(out, modulus);
    push_integer(out, exponent);
}

/// A positive integer in as few bytes as can be, none of them a sign bit.
fn push_integer(out: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = significant(bytes);
    let needs_zero = needs_zero(bytes);
    push_header(out, INTEGER, bytes.len() + usize::from(needs_zero));
    if needs_zero {
        out.push(0);
    }
    out.extend_from_slice(bytes);
}

fn integer_size(bytes: &[u8]) -> usize {
    let bytes = significant(bytes);
    size(bytes.len() + usize::from(needs_zero(bytes)))
}

fn significant(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// Before a set sign bit, and where there is nothing at all.
fn needs_zero(bytes: &[u8]) -> bool {
    bytes.first().is_none_or(|first| first & 0x80 != 0)
}

/// Tag and length. Contents here stay far below 64 KiB: the largest is an RSA key of 4096 bits.
fn push_header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    let [.., high, low] = length.to_be_bytes();
    match length {
        0..0x80 => out.push(low),
        0x80..0x100 => out.extend_from_slice(&[0x81, low]),
        _ => out.extend_from_slice(&[0x82, high, low]),
    }
}

/// Bytes of an element with so many bytes of content.
fn size(length: usize) -> usize {
    length
        + match length {
            0..0x80 => 2,
            0x80..0x100 => 3,
            _ => 4,
        }
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// Everything before the coordinates: id-ecPublicKey on prime256v1, then an uncompressed point.
const P256_PREFIX: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
    0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// rsaEncryption with its NULL.
const RSA_ALGORITHM: [u8; 15] =
    [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];

#[cfg(test)]
mod tests {
    use super::*;

    fn ecdsa(r: &[u8], s: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        push_ecdsa(&mut out, r, s);
        out
    }

    #[test]
    fn integers_are_as_short_as_they_can_be_and_never_negative() {
        assert_eq!(ecdsa(&[0, 0, 1], &[0x80]), [0x30, 7, 2, 1, 1, 2, 2, 0, 0x80]);
        assert_eq!(ecdsa(&[0x7F, 0], &[0, 0xFF]), [0x30, 8, 2, 2, 0x7F, 0, 2, 2, 0, 0xFF]);
        assert_eq!(ecdsa(&[0, 0], &[]), [0x30, 6, 2, 1, 0, 2, 1, 0]);
    }

    #[test]
    fn lengths_of_every_form_fit_their_contents() {
        for length in [1, 127, 128, 200, 255, 256, 257, 512] {
            let key = KeyMaterial::Rsa { modulus: vec![0x85; length], exponent: vec![1, 0, 1] };
            let mut out = Vec::new();
            push_key(&mut out, &key);
            let mut rest = content(&out, 0x30, &[]);
            rest = content(rest.strip_prefix(&RSA_ALGORITHM[..]).unwrap(), 0x03, &[]);
            rest = content(rest.strip_prefix(&[0][..]).unwrap(), 0x30, &[]);
            let modulus = content(rest, 0x02, &[0x02, 0x03, 1, 0, 1]);
            assert_eq!(modulus, [&[0][..], &vec![0x85; length]].concat());
        }
    }

    #[test]
    fn a_point_is_written_behind_a_fixed_prefix() {
        let mut out = Vec::new();
        push_key(&mut out, &KeyMaterial::P256 { x: [1; 32], y: [2; 32] });
        assert_eq!(content(&out, 0x30, &[]).len(), 0x59);
        assert_eq!(out.get(out.len() - 65..).unwrap(), [&[4][..], &[1; 32], &[2; 32]].concat());
    }

    /// The content of the element at the start, behind which `after` must follow and nothing else.
    fn content<'a>(bytes: &'a [u8], tag: u8, after: &[u8]) -> &'a [u8] {
        assert_eq!(bytes[0], tag);
        let (length, start) = match bytes[1] {
            0x81 => (usize::from(bytes[2]), 3),
            0x82 => (usize::from(bytes[2]) * 256 + usize::from(bytes[3]), 4),
            short => (usize::from(short), 2),
        };
        assert_eq!(bytes.get(start + length..).unwrap(), after);
        bytes.get(start..start + length).unwrap()
    }
}
