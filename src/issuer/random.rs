//! Randomness from the operating system, as bytes and as text that survives every transport.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The operating system gave no randomness; nothing may be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomError;

impl fmt::Display for RandomError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the operating system gives no randomness; check /dev/urandom")
    }
}

impl core::error::Error for RandomError {}

/// `N` bytes that nobody can guess, wiped when dropped.
pub(crate) fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, RandomError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| RandomError)?;
    Ok(bytes)
}

/// A public identifier of 128 bits: 22 characters of base64url, as used for `jti`.
pub(crate) fn identifier() -> Result<String, RandomError> {
    Ok(Base64UrlUnpadded::encode_string(bytes::<16>()?.as_slice()))
}

/// A short public name of `length` base62 characters, about 6 bits each.
pub(crate) fn short_name(length: usize) -> Result<String, RandomError> {
    let text = base62(bytes::<32>()?.as_slice(), 43);
    Ok(text.chars().rev().take(length).collect())
}

/// A big-endian number in base62, padded with `0` to `width` and cut to it from the left.
pub(crate) fn base62(number: &[u8], width: usize) -> Zeroizing<String> {
    let mut number = Zeroizing::new(number.to_vec());
    let mut digits = Zeroizing::new(Vec::with_capacity(width));
    for _ in 0..width {
        digits.push(BASE62.get(divide_by_62(&mut number)).copied().unwrap_or(b'0'));
    }
    Zeroizing::new(digits.iter().rev().copied().map(char::from).collect())
}

/// Divides a big-endian number in place and returns the remainder.
fn divide_by_62(number: &mut [u8]) -> usize {
    let mut remainder = 0_u32;
    for digit in number {
        let value = remainder * 256 + u32::from(*digit);
        *digit = u8::try_from(value / 62).unwrap_or(u8::MAX);
        remainder = value % 62;
    }
    usize::try_from(remainder).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_in_base62() {
        assert_eq!(base62(&[0], 3).as_str(), "000");
        assert_eq!(base62(&[61], 1).as_str(), "z");
        assert_eq!(base62(&[62], 2).as_str(), "10");
        assert_eq!(base62(&u32::MAX.to_be_bytes(), 6).as_str(), "4gfFC3");
    }

    #[test]
    fn holds_256_bits_in_43_characters() {
        let largest = base62(&[0xFF; 32], 44);
        assert!(largest.starts_with('0') && largest.len() == 44);
    }

    #[test]
    fn never_repeats_an_identifier() {
        let first = identifier().unwrap();
        assert_eq!(first.len(), 22);
        assert_ne!(first, identifier().unwrap());
    }
}
