//! A document as one value: body, entity tag and time are read together or not at all, so that no
//! reader ever sees the body of one fetch with the tag of another.

use edgelatch_core::{Publication, Timestamp};

/// A publication as bytes.
pub(super) fn write(publication: &Publication<'_>) -> Option<Vec<u8>> {
    let tag = publication.entity_tag.unwrap_or_default().as_bytes();
    let tag_length = u16::try_from(tag.len()).ok()?;
    let body_length = u32::try_from(publication.body.len()).ok()?;
    let mut bytes = FORM.to_vec();
    bytes.extend(publication.received.as_unix_seconds().to_le_bytes());
    bytes.extend(tag_length.to_le_bytes());
    bytes.extend(body_length.to_le_bytes());
    bytes.extend(tag);
    bytes.extend(publication.body);
    Some(bytes)
}

/// The publication in bytes that anybody may have written; `None` unless they are exactly one.
pub(crate) fn parse(bytes: &[u8]) -> Option<Publication<'_>> {
    let bytes = bytes.strip_prefix(FORM)?;
    let (received, bytes) = bytes.split_first_chunk()?;
    let (tag_length, bytes) = bytes.split_first_chunk()?;
    let (body_length, bytes) = bytes.split_first_chunk()?;
    let (tag, body) = bytes.split_at_checked(usize::from(u16::from_le_bytes(*tag_length)))?;
    if u32::try_from(body.len()) != Ok(u32::from_le_bytes(*body_length)) {
        return None;
    }
    let tag = str::from_utf8(tag).ok()?;
    Some(Publication {
        body,
        entity_tag: Some(tag).filter(|tag| !tag.is_empty()),
        received: Timestamp::from_unix_seconds(u64::from_le_bytes(*received)),
    })
}

/// Another form gets another name, so that two versions of the filter can run side by side.
const FORM: &[u8] = b"edgelatch feed 1\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn publication() -> Publication<'static> {
        let received = Timestamp::from_unix_seconds(1_900_000_000);
        Publication { body: b"{\"keys\":[]}", entity_tag: Some("\"v1\""), received }
    }

    #[test]
    fn what_is_written_is_read() {
        let untagged = Publication { entity_tag: None, body: b"", ..publication() };
        for publication in [publication(), untagged] {
            let bytes = write(&publication).unwrap();
            assert_eq!(parse(&bytes), Some(publication));
        }
    }

    #[test]
    fn refuses_every_truncation_and_anything_behind_the_end() {
        let mut bytes = write(&publication()).unwrap();
        for length in 0..bytes.len() {
            assert_eq!(parse(&bytes[..length]), None, "{length}");
        }
        bytes.push(0);
        assert_eq!(parse(&bytes), None);
    }

    #[test]
    fn refuses_lengths_that_lie_and_tags_that_are_no_text() {
        let bytes = write(&publication()).unwrap();
        for place in FORM.len() + 8..FORM.len() + 14 {
            let mut lie = bytes.clone();
            lie[place] ^= 0x80;
            assert_eq!(parse(&lie), None, "{place}");
        }
        let mut odd = bytes;
        odd[FORM.len() + 14] = 0xFF;
        assert_eq!(parse(&odd), None);
    }
}
