//! The bits of the list (draft-ietf-oauth-status-list s4.1): one per place, lowest bit first, zlib.

use std::io::Write;

use base64ct::{Base64UrlUnpadded, Encoding};
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Places beyond the highest one that was given. An edge refuses a token whose place is outside
/// its list, and a new client may come with a token before the edge has the next list.
const ROOM: u64 = 1024;

/// Lists grow by this, so that they do not change with every new client.
const STEP: u64 = 8192;

/// How many places a list has whose highest index is known.
pub(super) fn length(highest_index: u64) -> u64 {
    highest_index.saturating_add(ROOM).next_multiple_of(STEP).min(super::MAX_ENTRIES)
}

/// The `lst` value: a 1 for each of the indices, 0 for all others.
pub(super) fn encode(invalid: &[u64], length: u64) -> String {
    let mut bytes = vec![0_u8; usize::try_from(length / 8).unwrap_or(0)];
    for index in invalid {
        let byte = usize::try_from(index / 8).ok().and_then(|place| bytes.get_mut(place));
        if let Some(byte) = byte {
            *byte |= 1 << (index % 8);
        }
    }
    compress(&bytes)
}

fn compress(bytes: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Into memory: there is nothing that could fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    Base64UrlUnpadded::encode_string(&written.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of the specification (s4.1).
    #[test]
    fn compresses_as_the_specification_does() {
        assert_eq!(compress(&[0xB9, 0xA3]), "eNrbuRgAAhcBXQ");
        assert_eq!(compress(&[0xC9, 0x44, 0xF9]), "eNo76fITAAPfAgc");
    }

    #[test]
    fn puts_the_lowest_index_into_the_lowest_bit() {
        let invalid = [0, 3, 4, 5, 7, 8, 9, 13, 15];
        assert_eq!(encode(&invalid, 16), "eNrbuRgAAhcBXQ");
        assert_ne!(encode(&invalid[1..], 16), "eNrbuRgAAhcBXQ");
    }

    #[test]
    fn ignores_indices_beyond_its_length() {
        assert_eq!(encode(&[16, u64::MAX], 16), encode(&[], 16));
    }

    #[test]
    fn leaves_room_for_clients_to_come_and_keeps_to_the_limit() {
        assert_eq!(length(0), 8192);
        assert_eq!(length(7168), 8192);
        assert_eq!(length(7169), 16_384);
        assert_eq!(length(super::super::MAX_ENTRIES - 1), super::super::MAX_ENTRIES);
    }

    /// 4 million places, one in a thousand dead.
    #[test]
    fn stays_small_when_it_is_full() {
        let invalid: Vec<u64> = (0..super::super::MAX_ENTRIES).step_by(1009).collect();
        assert!(encode(&invalid, super::super::MAX_ENTRIES).len() < 40_000);
    }
}
