//! Finding a text among many.

use core::hash::Hasher as _;

use siphasher::sip::SipHasher13;

/// Hashes the end of a text: that is the signature, different for every token. Nobody can make a valid
/// signature to order, so nobody can fill the cache with texts that fall together; the key of the hash
/// keeps an owner of many tokens from choosing such ones.
#[derive(Clone, Debug)]
pub(super) struct TextHasher(SipHasher13);

/// What a [`TextHasher`] makes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextHash(u64);

impl TextHasher {
    pub(super) fn new(seed: u64) -> Self {
        Self(SipHasher13::new_with_keys(seed, seed.rotate_left(32) ^ FOLD))
    }

    pub(super) fn hash(&self, text: &str) -> TextHash {
        let bytes = text.as_bytes();
        let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or(bytes);
        let mut hasher = self.0;
        hasher.write(tail);
        TextHash(hasher.finish())
    }
}

impl TextHash {
    pub(super) fn bits(self) -> u64 {
        self.0
    }
}

/// Whether two texts are the same. Eight bytes at a time: in WebAssembly the library compares one by one.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let (ones, one_rest) = one.as_chunks::<8>();
    let (others, other_rest) = other.as_chunks::<8>();
    let mut words = ones.iter().zip(others);
    words.all(|(one, other)| u64::from_ne_bytes(*one) == u64::from_ne_bytes(*other))
        && one_rest == other_rest
}

/// Bytes that are hashed.
const TAIL: usize = 64;

const FOLD: u64 = 0x6564_6765_6c61_7463;

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    #[test]
    fn tells_texts_apart_at_every_byte() {
        let text = "abcdefghijklmnopqrstu";
        for length in 0..=text.len() {
            let text = text.get(..length).unwrap();
            assert!(is_same(text, &String::from(text)));
            for place in 0..length {
                let mut other = text.as_bytes().to_vec();
                other[place] ^= 1;
                assert!(!is_same(text, str::from_utf8(&other).unwrap()), "{length} {place}");
            }
            assert!(!is_same(text, &format!("{text}x")));
        }
    }

    #[test]
    fn hashes_the_end_under_a_key() {
        let (hasher, other) = (TextHasher::new(1), TextHasher::new(2));
        let long = format!("{}{}", "h".repeat(100), "s".repeat(64));
        assert_eq!(hasher.hash(&long), hasher.hash(&"s".repeat(64)));
        assert_ne!(hasher.hash(&long), hasher.hash(&"s".repeat(63)));
        assert_ne!(hasher.hash(&long), other.hash(&long));
        assert_ne!(hasher.hash(""), hasher.hash("a"));
    }
}
