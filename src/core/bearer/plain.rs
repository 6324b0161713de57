//! Looking at eight bytes at a time: every request pays for every byte of its token.

/// Whether all bytes are printable ASCII or a space, and none is a comma. Where this says no, a slower
/// look finds out why; that may be for nothing.
pub(super) fn is_plain(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    words.iter().all(|word| is_plain_word(u64::from_le_bytes(*word)))
        && rest.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b',')
}

/// Whether a text has neither spaces nor tabs.
pub(super) fn is_unbroken(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let is_unbroken = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        zero_bytes(word ^ each(b' ')) | zero_bytes(word ^ each(b'\t')) == 0
    };
    words.iter().all(is_unbroken) && !rest.iter().any(|byte| matches!(byte, b' ' | b'\t'))
}

/// The high bit of each byte tells of it. A borrow or a carry can only come from a byte that is not plain
/// itself.
fn is_plain_word(word: u64) -> bool {
    let below_space = word.wrapping_sub(each(b' '));
    let above_tilde = word.wrapping_add(each(0x7f - b'~'));
    let commas = zero_bytes(word ^ each(b','));
    (word | below_space | above_tilde | commas) & each(0x80) == 0
}

/// Not zero if and only if one of the bytes is zero.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(each(0x01)) & !word & each(0x80)
}

const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    /// Every byte at every place of texts of several lengths.
    #[test]
    fn tells_plain_bytes_from_all_others() {
        for length in [1_usize, 7, 8, 9, 17] {
            for place in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'a'; length];
                    text[place] = byte;
                    let expected = (b' '..=b'~').contains(&byte) && byte != b',';
                    assert_eq!(is_plain(&text), expected, "{byte} at {place} of {length}");
                }
            }
        }
    }

    #[test]
    fn pairs_of_bytes_do_not_hide_each_other() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let text = [b'a', first, second, b'z', b' ', b'~', b'0', b'9'];
                let is_plain_byte = |byte| (b' '..=b'~').contains(&byte) && byte != b',';
                let expected = is_plain_byte(first) && is_plain_byte(second);
                assert_eq!(is_plain(&text), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn finds_spaces_and_tabs_wherever_they_are() {
        for length in 0..20 {
            assert!(is_unbroken(&"a".repeat(length)));
            for place in 0..length {
                for broken in [" ", "\t"] {
                    let mut text = "-".repeat(length);
                    text.replace_range(place..=place, broken);
                    assert!(!is_unbroken(&text), "{text:?}");
                }
            }
        }
        assert!(is_unbroken("!\u{a0}\u{1f}\u{8}\n~_"));
    }
}
