//! The byte form in which Envoy hands over header lines: a count, the sizes of all names and values,
//! then each name and value followed by a zero byte. All numbers are 32-bit little-endian.

/// A buffer that does not hold what its own numbers promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MalformedPairs;

/// Names and values that stay in the buffer they came in.
pub(crate) type Pairs<'a> = Vec<(&'a [u8], &'a [u8])>;

/// The pairs in `buffer`, in order, without copying a byte. An empty buffer holds no pair.
pub(crate) fn parse(buffer: &[u8]) -> Result<Pairs<'_>, MalformedPairs> {
    if buffer.is_empty() {
        return Ok(Vec::new());
    }
    let (count, rest) = number(buffer)?;
    let size_bytes = count.checked_mul(SIZES).ok_or(MalformedPairs)?;
    // The sizes must be there before anything is reserved for them: the count alone proves nothing.
    let (mut sizes, mut texts) = rest.split_at_checked(size_bytes).ok_or(MalformedPairs)?;
    let mut pairs = Vec::with_capacity(count);
    while !sizes.is_empty() {
        let (name_size, rest) = number(sizes)?;
        let (value_size, rest) = number(rest)?;
        sizes = rest;
        let (name, rest) = text(texts, name_size)?;
        let (value, rest) = text(rest, value_size)?;
        texts = rest;
        pairs.push((name, value));
    }
    Ok(pairs)
}

/// `pairs` in the byte form; `None` if a text is longer than 32 bits can tell.
pub(crate) fn serialize(pairs: &[(&str, &str)]) -> Option<Vec<u8>> {
    let mut buffer = u32::try_from(pairs.len()).ok()?.to_le_bytes().to_vec();
    for (name, value) in pairs {
        buffer.extend(u32::try_from(name.len()).ok()?.to_le_bytes());
        buffer.extend(u32::try_from(value.len()).ok()?.to_le_bytes());
    }
    for (name, value) in pairs {
        for text in [name, value] {
            buffer.extend_from_slice(text.as_bytes());
            buffer.push(0);
        }
    }
    Some(buffer)
}

/// Bytes that the two sizes of one pair take.
const SIZES: usize = 8;

fn number(buffer: &[u8]) -> Result<(usize, &[u8]), MalformedPairs> {
    let (bytes, rest) = buffer.split_first_chunk().ok_or(MalformedPairs)?;
    let number = usize::try_from(u32::from_le_bytes(*bytes)).map_err(|_| MalformedPairs)?;
    Ok((number, rest))
}

fn text(buffer: &[u8], size: usize) -> Result<(&[u8], &[u8]), MalformedPairs> {
    let (text, rest) = buffer.split_at_checked(size).ok_or(MalformedPairs)?;
    match rest.split_first() {
        Some((0, rest)) => Ok((text, rest)),
        _ => Err(MalformedPairs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_LINES: &[u8] = b"\x02\0\0\0\
        \x0d\0\0\0\x03\0\0\0\
        \x01\0\0\0\0\0\0\0\
        authorization\0\xA1\xFFz\0\
        x\0\0";

    #[test]
    fn parses_names_and_values_that_are_not_text() {
        let pairs = parse(TWO_LINES).unwrap();
        assert_eq!(pairs, [(&b"authorization"[..], &b"\xA1\xFFz"[..]), (b"x", b"")]);
    }

    #[test]
    fn an_empty_buffer_and_a_count_of_zero_hold_no_pair() {
        assert_eq!(parse(b"").unwrap(), []);
        assert_eq!(parse(b"\0\0\0\0").unwrap(), []);
    }

    #[test]
    fn refuses_every_truncation() {
        for length in 1..TWO_LINES.len() {
            assert_eq!(parse(&TWO_LINES[..length]), Err(MalformedPairs), "{length} bytes");
        }
    }

    #[test]
    fn refuses_counts_and_sizes_that_lie() {
        assert_eq!(parse(b"\xFF\xFF\xFF\xFF"), Err(MalformedPairs));
        assert_eq!(parse(b"\x01\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFab"), Err(MalformedPairs));
        assert_eq!(parse(b"\x01\0\0\0\x01\0\0\0\x01\0\0\0a!b\0"), Err(MalformedPairs));
    }

    #[test]
    fn what_is_serialized_parses_to_the_same_pairs() {
        let buffer = serialize(&[("content-type", "application/json"), ("x", "")]).unwrap();
        let expected = [(&b"content-type"[..], &b"application/json"[..]), (b"x", b"")];
        assert_eq!(parse(&buffer).unwrap(), expected);
    }
}
