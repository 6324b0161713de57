//! What was found out about a token earlier, as far as it still holds.

use alloc::sync::Arc;

use super::Engine;
use super::select::Selection;
use crate::cache::{Known, Refusal};
use crate::key::VerifyingKey;
use crate::rejection::Rejection;
use crate::signature::SignatureError;
use crate::time::Timestamp;

impl Engine {
    /// The selection for a text that was seen before; it is the one that a fresh look would lead to.
    pub(super) fn recall(&mut self, text: &str, now: Timestamp) -> Option<Selection> {
        let hash = self.cache.hash(text);
        let keys = &self.keys;
        let is_in_force = |issuer: usize, key: &Arc<VerifyingKey>| {
            let usable = keys.get(issuer).and_then(|keys| keys.usable(now));
            usable.is_some_and(|keys| keys.holds(key))
        };
        let known = self.cache.find(text, hash, |known| is_in_force(known.issuer, &known.key));
        if let Some(Known { issuer, claims, .. }) = known {
            return Some(Selection::Known { issuer, claims });
        }
        let refusal = self.cache.find_refused(text, hash, |refusal| match refusal {
            Refusal::Signature { issuer, key } => is_in_force(*issuer, key),
            Refusal::UnknownKey { issuer, generation } => {
                keys.get(*issuer).is_some_and(|keys| keys.generation() == *generation)
            }
        });
        match refusal? {
            Refusal::Signature { .. } => {
                Some(Selection::Refused(Rejection::Signature(SignatureError::Invalid)))
            }
            Refusal::UnknownKey { issuer, .. } => Some(self.without_key(issuer, now)),
        }
    }
}
