//! Percent-encoding (RFC 3986 s2.1).

/// What the text begins with: a byte, or an escape that stands for one; and what comes behind it.
pub(crate) fn decode_first(text: &[u8]) -> Option<(u8, &[u8])> {
    if let [b'%', high, low, rest @ ..] = text
        && let Some(byte) = escaped(*high, *low)
    {
        return Some((byte, rest));
    }
    text.split_first().map(|(byte, rest)| (*byte, rest))
}

/// The byte of an escape with these two digits.
pub(crate) fn escaped(high: u8, low: u8) -> Option<u8> {
    Some(hex(high)? << 4 | hex(low)?)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_whole_escapes_and_leaves_the_rest() {
        assert_eq!(decode_first(b"%2Fa"), Some((b'/', &b"a"[..])));
        assert_eq!(decode_first(b"%2fa"), Some((b'/', &b"a"[..])));
        assert_eq!(decode_first(b"ab"), Some((b'a', &b"b"[..])));
        assert_eq!(decode_first(b"%2"), Some((b'%', &b"2"[..])));
        assert_eq!(decode_first(b"%zz"), Some((b'%', &b"zz"[..])));
        assert_eq!(decode_first(b""), None);
    }
}
