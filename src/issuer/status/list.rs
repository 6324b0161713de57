//! The list as of one moment, built once per change and not per request.

use super::{RevokedToken, bits};
use crate::store::StatusRecord;

/// What a signed list will say.
pub(crate) struct StatusList {
    pub(super) record: StatusRecord,
    pub(super) length: u64,
    pub(super) encoded: String,
}

impl StatusList {
    /// Builds the list; bits that have not changed since an earlier one are not packed again.
    pub(crate) fn build(record: StatusRecord, earlier: Option<&Self>) -> Self {
        let length = bits::length(record.highest_index);
        let same =
            earlier.filter(|list| list.length == length && list.record.invalid == record.invalid);
        let encoded =
            same.map_or_else(|| bits::encode(&record.invalid, length), |list| list.encoded.clone());
        Self { record, length, encoded }
    }

    /// Grows with every change that takes access away.
    pub(crate) fn sequence(&self) -> u64 {
        self.record.sequence
    }

    /// How many places were given so far.
    pub(crate) fn given_entries(&self) -> u64 {
        self.record.highest_index
    }

    /// How many of them are dead.
    pub(crate) fn invalid_entries(&self) -> usize {
        self.record.invalid.len()
    }

    /// Tokens that are revoked one by one and could still be taken for good.
    pub(crate) fn revoked_tokens(&self, now: u64) -> impl Iterator<Item = &RevokedToken> {
        let lives = move |token: &&RevokedToken| {
            token.expires_at.saturating_add(super::REVOCATION_GRACE) > now
        };
        self.record.revoked_tokens.iter().filter(lives)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(expires_at: u64) -> StatusList {
        let token = RevokedToken { token_id: "a".to_owned(), expires_at };
        let record = StatusRecord { revoked_tokens: vec![token], ..StatusRecord::default() };
        StatusList::build(record, None)
    }

    /// R06: to the second.
    #[test]
    fn names_a_revoked_token_until_five_minutes_after_its_expiry() {
        assert_eq!(list(1000).revoked_tokens(1299).count(), 1);
        assert_eq!(list(1000).revoked_tokens(1300).count(), 0);
    }

    #[test]
    fn packs_again_when_a_bit_has_changed() {
        let before = list(1);
        let record = StatusRecord { invalid: vec![3], ..StatusRecord::default() };
        assert_ne!(StatusList::build(record, Some(&before)).encoded, before.encoded);
        let same = StatusList::build(StatusRecord::default(), Some(&before));
        assert_eq!(same.encoded, before.encoded);
    }
}
