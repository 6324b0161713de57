//! The bits of a list, and the tokens that it names one by one.

use alloc::boxed::Box;
use alloc::vec::Vec;

use miniz_oxide::inflate;

use super::StatusListError;
use crate::base64;

/// A list that an issuer signed.
#[derive(Clone, Debug, Default)]
pub(super) struct StatusList {
    /// Packed from the lowest bit on.
    entries: Vec<u8>,
    /// Bits of one entry: 1, 2, 4 or 8.
    width: u8,
    /// `jti` of revoked tokens, sorted.
    token_ids: Vec<Box<str>>,
}

impl StatusList {
    /// Unpacks a list: base64url of zlib (draft-ietf-oauth-status-list s4.1).
    pub(super) fn unpack(
        width: u8,
        text: &str,
        mut token_ids: Vec<Box<str>>,
    ) -> Result<Self, StatusListError> {
        if ![1, 2, 4, 8].contains(&width) {
            return Err(StatusListError::Malformed);
        }
        if token_ids.len() > MAXIMUM_TOKENS {
            return Err(StatusListError::TooLarge);
        }
        let packed = base64::decode(text).map_err(|_| StatusListError::Malformed)?;
        // A small text may unpack to gigabytes: the limit is kept while it unpacks.
        let entries = inflate::decompress_to_vec_zlib_with_limit(&packed, MAXIMUM_BYTES).map_err(
            |error| match error.status {
                inflate::TINFLStatus::HasMoreOutput => StatusListError::TooLarge,
                _ => StatusListError::Malformed,
            },
        )?;
        token_ids.sort_unstable();
        Ok(Self { entries, width, token_ids })
    }

    /// Whether an entry says "valid"; none beyond the end. Everything else, such as "suspended", does not
    /// let in.
    pub(super) fn is_valid(&self, index: u64) -> Option<bool> {
        let bit = index.checked_mul(u64::from(self.width))?;
        let byte = self.entries.get(usize::try_from(bit.checked_div(8)?).ok()?)?;
        let shift = u32::try_from(bit.checked_rem(8)?).ok()?;
        let mask = 0xff_u8.checked_shr(8_u32.saturating_sub(u32::from(self.width)))?;
        Some(byte.checked_shr(shift)? & mask == 0)
    }

    /// Whether the token of this name is revoked by itself.
    pub(super) fn names(&self, token_id: &str) -> bool {
        self.token_ids.binary_search_by(|known| (**known).cmp(token_id)).is_ok()
    }

    /// How many entries it has.
    pub(super) fn entries(&self) -> usize {
        let per_byte = 8_usize.checked_div(usize::from(self.width)).unwrap_or_default();
        self.entries.len().saturating_mul(per_byte)
    }

    /// How many tokens it names.
    pub(super) fn token_ids(&self) -> usize {
        self.token_ids.len()
    }
}

/// Four million entries of one bit.
const MAXIMUM_BYTES: usize = 512 * 1024;

/// Tokens that are revoked one by one.
const MAXIMUM_TOKENS: usize = 16_384;

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use miniz_oxide::deflate::compress_to_vec_zlib;

    use super::*;

    fn statuses(width: u8, text: &str, count: u64) -> Vec<Option<bool>> {
        let list = StatusList::unpack(width, text, Vec::new()).unwrap();
        (0..count).map(|index| list.is_valid(index)).collect()
    }

    #[test]
    fn is_as_large_as_it_may_be_and_no_larger() {
        let ids = |count| vec!["t".into(); count];
        assert!(StatusList::unpack(1, "eNrbuRgAAhcBXQ", ids(16_384)).is_ok());
        let error = StatusList::unpack(1, "eNrbuRgAAhcBXQ", ids(16_385)).unwrap_err();
        assert_eq!(error, StatusListError::TooLarge);
        let packed = |bytes| base64::encode(&compress_to_vec_zlib(&vec![0; bytes], 6));
        assert!(StatusList::unpack(1, &packed(512 * 1024), Vec::new()).is_ok());
        let error = StatusList::unpack(1, &packed(512 * 1024 + 1), Vec::new()).unwrap_err();
        assert_eq!(error, StatusListError::TooLarge);
    }

    /// The vectors of the specification (s4.1).
    #[test]
    fn reads_the_vectors_of_the_specification() {
        let revoked = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
        let mut expected: Vec<_> = revoked.map(|bit| Some(bit == 0)).into();
        expected.push(None);
        assert_eq!(statuses(1, "eNrbuRgAAhcBXQ", 17), expected);
        let values = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
        let mut expected: Vec<_> = values.map(|value| Some(value == 0)).into();
        expected.push(None);
        assert_eq!(statuses(2, "eNo76fITAAPfAgc", 13), expected);
    }

    #[test]
    fn reads_entries_of_four_and_eight_bits() {
        let text = "eNo76fITAAPfAgc"; // c9 44 f9
        assert_eq!(statuses(8, text, 4), [Some(false), Some(false), Some(false), None]);
        assert_eq!(statuses(4, text, 6), [Some(false); 6]);
        assert_eq!(StatusList::unpack(4, text, Vec::new()).unwrap().entries(), 6);
    }

    #[test]
    fn refuses_what_is_no_list() {
        for (width, text) in [
            (0, "eNrbuRgAAhcBXQ"),
            (3, "eNrbuRgAAhcBXQ"),
            (16, "eNrbuRgAAhcBXQ"),
            (1, "eNrbuRgAAhcBXR"),
            (1, "eNrbuRgAAhcB"),
            (1, "AAAA"),
            (1, ""),
            (1, "not base64"),
        ] {
            let error = StatusList::unpack(width, text, Vec::new()).unwrap_err();
            assert_eq!(error, StatusListError::Malformed, "{width} {text}");
        }
    }

    #[test]
    fn refuses_a_list_that_unpacks_to_more_than_is_kept() {
        for (bytes, expected) in [
            (MAXIMUM_BYTES, Ok(MAXIMUM_BYTES * 8)),
            (MAXIMUM_BYTES + 1, Err(StatusListError::TooLarge)),
        ] {
            let packed = compress_to_vec_zlib(&vec![0; bytes], 9);
            let list = StatusList::unpack(1, &base64::encode(&packed), Vec::new());
            assert_eq!(list.map(|list| list.entries()), expected);
        }
        let names = vec![Box::from("a"); MAXIMUM_TOKENS + 1];
        let error = StatusList::unpack(1, "eNrbuRgAAhcBXQ", names).unwrap_err();
        assert_eq!(error, StatusListError::TooLarge);
    }

    #[test]
    fn finds_single_tokens_by_their_whole_name() {
        let names = ["b", "a", "ab"].map(Box::from).into();
        let list = StatusList::unpack(1, "eNrbuRgAAhcBXQ", names).unwrap();
        assert!(["a", "b", "ab"].into_iter().all(|name| list.names(name)));
        assert!(!["", "aa", "abc", "A"].into_iter().any(|name| list.names(name)));
    }
}
