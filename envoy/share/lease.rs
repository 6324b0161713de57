//! Whose turn it is to fetch: a name and a time, so that the turn of one who is gone ends by itself.

/// A turn, as it stands in shared memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lease {
    /// Who fetches.
    pub(super) holder: u64,
    /// Until when, in milliseconds of the steady clock, which is one for the whole process.
    pub(super) until: u64,
}

impl Lease {
    /// As long as a turn lasts unless it is prolonged, from `now`.
    pub(super) fn new(holder: u64, now: u64) -> Self {
        Self { holder, until: now.saturating_add(DURATION) }
    }

    /// Reads what is in shared memory; `None` if that is nothing that [`Self::write`] has written.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (holder, rest) = bytes.split_first_chunk()?;
        let until = rest.try_into().ok()?;
        Some(Self { holder: u64::from_le_bytes(*holder), until: u64::from_le_bytes(until) })
    }

    pub(super) fn write(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        let (holder, until) = bytes.split_at_mut(8);
        holder.copy_from_slice(&self.holder.to_le_bytes());
        until.copy_from_slice(&self.until.to_le_bytes());
        bytes
    }

    /// Whether somebody else than `me` may fetch at `now`. A turn longer than any that is given out is
    /// somebody's nonsense.
    pub(super) fn is_of_another(self, me: u64, now: u64) -> bool {
        let longest = now.saturating_add(DURATION);
        self.holder != me && now < self.until && self.until <= longest
    }

    /// Whether it is time to prolong a turn of one's own.
    pub(super) fn is_half_over(self, now: u64) -> bool {
        self.until.saturating_sub(now) < DURATION / 2
    }
}

/// Milliseconds that a turn lasts: longer than any worker is busy, short enough to wait for.
pub(super) const DURATION: u64 = 5_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let lease = Lease { holder: u64::MAX - 1, until: 77 };
        assert_eq!(Lease::parse(&lease.write()), Some(lease));
    }

    #[test]
    fn nothing_of_another_length_is_a_turn() {
        let bytes = [1; 17];
        for length in (0..16).chain([17]) {
            assert_eq!(Lease::parse(&bytes[..length]), None, "{length}");
        }
    }

    #[test]
    fn a_turn_ends_by_itself_and_never_lasts_longer_than_it_may() {
        let lease = Lease::new(1, 100);
        assert!(lease.is_of_another(2, 100));
        assert!(lease.is_of_another(2, 100 + DURATION - 1));
        assert!(!lease.is_of_another(2, 100 + DURATION));
        assert!(!lease.is_of_another(1, 100), "one's own");
        assert!(!Lease { holder: 1, until: 101 + DURATION }.is_of_another(2, 100));
        assert!(!Lease { holder: 1, until: u64::MAX }.is_of_another(2, 100));
    }
}
