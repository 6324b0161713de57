//! A few bad tokens: who sends one a thousand times pays for one check, not the edge for a thousand. Small
//! and without memory of who came first, since anybody can make bad tokens.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::CacheLimits;
use super::text::{TextHash, is_same};
use crate::key::VerifyingKey;

/// Why a text was refused.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// This key did not sign it.
    Signature {
        /// Position in the policy.
        issuer: usize,
        key: Arc<VerifyingKey>,
    },
    /// The key set of this generation has no key of the name that it gives.
    UnknownKey {
        /// Position in the policy.
        issuer: usize,
        generation: u64,
    },
}

/// One place for each of some hashes; who comes later takes it.
#[derive(Clone, Debug)]
pub(super) struct RefusedTokens {
    slots: Vec<Option<Slot>>,
}

#[derive(Clone, Debug)]
struct Slot {
    text: Box<str>,
    refusal: Refusal,
}

impl RefusedTokens {
    pub(super) fn new(limits: CacheLimits) -> Self {
        let places = if limits.entries == 0 { 0 } else { PLACES };
        Self { slots: core::iter::repeat_with(|| None).take(places).collect() }
    }

    pub(super) fn find(&self, hash: TextHash, text: &str) -> Option<&Refusal> {
        let slot = self.slots.get(place(hash))?.as_ref()?;
        is_same(&slot.text, text).then_some(&slot.refusal)
    }

    pub(super) fn insert(&mut self, hash: TextHash, text: &str, refusal: Refusal) {
        if text.len() > MAXIMUM_TEXT {
            return;
        }
        if let Some(slot) = self.slots.get_mut(place(hash)) {
            *slot = Some(Slot { text: text.into(), refusal });
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "any bits of a hash will do")]
fn place(hash: TextHash) -> usize {
    hash.bits() as usize & (PLACES - 1)
}

/// A power of two.
const PLACES: usize = 128;

/// Bytes of a text that is kept: a quarter of a megabyte in all.
const MAXIMUM_TEXT: usize = 2_048;
