//! The proofs seen lately, so that none is taken twice (RFC 9449 s11.1). Bounded: when it is full, new
//! proofs are refused, for to forget a living one would let it in again.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::{BindingError, Digest};
use crate::time::Timestamp;

/// A proof: whose, which, and how long it can be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProofId {
    name: Name,
    /// The last second in which the proof is young enough.
    last: Timestamp,
}

/// Half a SHA-256 over thumbprint and `jti`. Two proofs with one name would need 2^64 trials, and all
/// they would win is that the second is refused.
type Name = [u8; 16];

/// The proofs that were used and could be used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replays {
    names: BTreeSet<Name>,
    /// The same names by the last second of their proofs.
    by_last: BTreeMap<Timestamp, Vec<Name>>,
    /// Proofs whose last second is not after this one may be forgotten. A clock that steps back must
    /// not bring them to life again.
    forgotten: Timestamp,
}

impl ProofId {
    pub(super) fn new(thumbprint: &Digest, id: &str, last: Timestamp) -> Self {
        let digest: Digest =
            Sha256::new().chain_update(thumbprint).chain_update(id).finalize().into();
        let mut name = Name::default();
        name.iter_mut().zip(digest).for_each(|(byte, digest)| *byte = digest);
        Self { name, last }
    }
}

impl Replays {
    /// Remembers a proof of which everything else was checked, or refuses it.
    pub(crate) fn record(
        &mut self,
        id: ProofId,
        maximum: usize,
        now: Timestamp,
    ) -> Result<(), BindingError> {
        self.forget(now);
        if id.last <= self.forgotten {
            return Err(BindingError::Proof);
        }
        if self.names.contains(&id.name) {
            return Err(BindingError::Replayed);
        }
        if self.names.len() >= maximum {
            return Err(BindingError::WindowFull);
        }
        self.names.insert(id.name);
        self.by_last.entry(id.last).or_default().push(id.name);
        Ok(())
    }

    /// How many proofs are remembered.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// Forgets some of the proofs that are too old at `now`: a few more than one request adds, so that
    /// none has to wait for all of them.
    fn forget(&mut self, now: Timestamp) {
        for _ in 0..FORGOTTEN_AT_ONCE {
            let Some(mut oldest) = self.by_last.first_entry() else { return };
            let last = *oldest.key();
            if last >= now {
                return;
            }
            self.forgotten = self.forgotten.max(last);
            match oldest.get_mut().pop() {
                Some(name) => {
                    self.names.remove(&name);
                }
                None => {
                    oldest.remove();
                }
            }
        }
    }
}

const FORGOTTEN_AT_ONCE: usize = 64;

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    const NOW: u64 = 1_900_000_000;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix_seconds(NOW + seconds)
    }

    fn id(name: &str, last: u64) -> ProofId {
        ProofId::new(&[7; 32], name, at(last))
    }

    #[test]
    fn takes_each_proof_of_a_key_once() {
        let mut replays = Replays::default();
        assert_eq!(replays.record(id("a", 60), 8, at(0)), Ok(()));
        assert_eq!(replays.record(id("a", 60), 8, at(0)), Err(BindingError::Replayed));
        assert_eq!(replays.record(id("a", 99), 8, at(60)), Err(BindingError::Replayed));
        assert_eq!(replays.record(id("b", 60), 8, at(0)), Ok(()));
        let of_another_key = ProofId::new(&[8; 32], "a", at(60));
        assert_eq!(replays.record(of_another_key, 8, at(0)), Ok(()));
    }

    #[test]
    fn refuses_new_proofs_when_full_and_never_forgets_a_living_one() {
        let mut replays = Replays::default();
        for name in ["a", "b"] {
            assert_eq!(replays.record(id(name, 60), 2, at(0)), Ok(()));
        }
        assert_eq!(replays.record(id("c", 60), 2, at(60)), Err(BindingError::WindowFull));
        assert_eq!(replays.record(id("a", 60), 2, at(60)), Err(BindingError::Replayed));
        assert_eq!(replays.record(id("c", 90), 2, at(61)), Ok(()));
    }

    #[test]
    fn a_clock_that_steps_back_revives_no_proof() {
        let mut replays = Replays::default();
        assert_eq!(replays.record(id("a", 60), 8, at(0)), Ok(()));
        assert_eq!(replays.record(id("b", 200), 8, at(100)), Ok(()));
        assert_eq!(replays.record(id("a", 60), 8, at(50)), Err(BindingError::Proof));
        assert_eq!(replays.record(id("c", 61), 8, at(50)), Ok(()));
    }

    #[test]
    fn forgets_a_full_window_little_by_little_and_all_of_it() {
        let mut replays = Replays::default();
        for number in 0..1_000 {
            assert_eq!(replays.record(id(&format!("old {number}"), 60), 1_000, at(0)), Ok(()));
        }
        for number in 0..1_000 {
            let name = format!("new {number}");
            assert_eq!(replays.record(id(&name, 200), 1_000, at(100)), Ok(()), "{name}");
        }
        assert_eq!(replays.names.len(), 1_000);
        assert_eq!(replays.by_last.len(), 1);
    }
}
