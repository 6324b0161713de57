//! The digest of the peer's certificate, from the text that Envoy shows.

/// The 32 bytes in Envoy's hexadecimal `connection.sha256_peer_certificate_digest`.
pub(crate) fn parse(text: &[u8]) -> Option<[u8; 32]> {
    let (pairs, rest) = text.as_chunks::<2>();
    let bytes: Option<Vec<u8>> = pairs.iter().map(|pair| byte(*pair)).collect();
    if rest.is_empty() { bytes?.try_into().ok() } else { None }
}

fn byte([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_64_digits_of_either_case() {
        let mut expected = [0xab; 32];
        expected[0] = 0x01;
        let text = format!("01{}", "aB".repeat(31));
        assert_eq!(parse(text.as_bytes()), Some(expected));
    }

    #[test]
    fn takes_nothing_else() {
        for text in ["", "0", "0g", &"a".repeat(63), &"a".repeat(65), &"a".repeat(66)] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(&[0xff; 64]), None);
        assert_eq!(parse(&b"+1".repeat(32)), None);
    }
}
