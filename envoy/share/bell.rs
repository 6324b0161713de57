//! What an engine tells the others after a fetch: little, because they look at it on every tick.

/// What happened elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// A document was left, or confirmed.
    Document,
    /// A fetch came to nothing.
    Failure {
        /// The issuer's `Retry-After`, as it came; empty if there was none.
        retry_after: Vec<u8>,
    },
}

/// A ring by `ringer`.
pub(super) fn write(ringer: u64, news: &News) -> Vec<u8> {
    let (kind, text): (u8, &[u8]) = match news {
        News::Document => (DOCUMENT, b""),
        News::Failure { retry_after } => (FAILURE, retry_after),
    };
    let mut bytes = ringer.to_le_bytes().to_vec();
    bytes.push(kind);
    bytes.extend(text.iter().take(MAXIMUM_TEXT));
    bytes
}

/// Who rang, and why; `None` if nobody did.
pub(super) fn parse(bytes: &[u8]) -> Option<(u64, News)> {
    let (ringer, rest) = bytes.split_first_chunk()?;
    let news = match rest {
        [DOCUMENT] => News::Document,
        [FAILURE, text @ ..] if text.len() <= MAXIMUM_TEXT => {
            News::Failure { retry_after: text.to_vec() }
        }
        _ => return None,
    };
    Some((u64::from_le_bytes(*ringer), news))
}

const DOCUMENT: u8 = 1;
const FAILURE: u8 = 2;

/// Longer than any number of seconds that an issuer could mean.
const MAXIMUM_TEXT: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rung_is_heard() {
        for news in [News::Document, News::Failure { retry_after: b"120".to_vec() }] {
            assert_eq!(parse(&write(7, &news)), Some((7, news)));
        }
        let long = News::Failure { retry_after: vec![b'1'; 99] };
        let (_, heard) = parse(&write(7, &long)).unwrap();
        assert_eq!(heard, News::Failure { retry_after: vec![b'1'; MAXIMUM_TEXT] });
    }

    #[test]
    fn noise_is_no_ring() {
        let mut long = write(7, &News::Failure { retry_after: Vec::new() });
        long.extend([b'1'; MAXIMUM_TEXT + 1]);
        for noise in
            [&b""[..], b"1234567", b"12345678", b"12345678\x03", b"12345678\x01\x01", &long]
        {
            assert_eq!(parse(noise), None, "{noise:?}");
        }
    }
}
