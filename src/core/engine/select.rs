//! Third stage: the one key that may verify a token, chosen by issuer, `kid` and algorithm.

use alloc::sync::Arc;

use super::Engine;
use crate::claims::peek_issuer;
use crate::key::VerifyingKey;
use crate::rejection::{KeySelectionError, Rejection};
use crate::signature::Signed;
use crate::time::Timestamp;
use crate::token::Unverified;

/// What the search for a key led to.
pub(super) enum Selection {
    Chosen {
        /// Position in the policy.
        issuer: usize,
        signed: Signed,
    },
    Refused(Rejection),
    /// A fetch of this issuer's keys may help.
    Refresh {
        issuer: usize,
        rejection: Rejection,
    },
}

impl Engine {
    pub(super) fn select(&mut self, token: Unverified<'_>, now: Timestamp) -> Selection {
        let Some(key_id) = token.header().key_id.as_deref() else {
            return Selection::Refused(Rejection::Key(KeySelectionError::NoKeyId));
        };
        let Some((issuer, key)) = self.find_key(&token, key_id, now) else {
            return self.missing_key(&token, now);
        };
        // Select by name *and* algorithm: a key must not be reused under a weaker algorithm.
        if key.algorithm() != token.header().algorithm {
            return Selection::Refused(Rejection::Key(KeySelectionError::Algorithm));
        }
        match Signed::new(token, key) {
            Ok(signed) => Selection::Chosen { issuer, signed },
            Err(error) => Selection::Refused(Rejection::Signature(error)),
        }
    }

    /// The key of this name at the issuer that the token claims. With a single issuer there is nothing
    /// to choose, so the payload is not looked at; the signature proves or disproves the claim.
    fn find_key(
        &self,
        token: &Unverified<'_>,
        key_id: &str,
        now: Timestamp,
    ) -> Option<(usize, Arc<VerifyingKey>)> {
        let issuer = match self.keys.as_slice() {
            [_] => 0,
            _ => self.claimed_issuer(token)?,
        };
        let key = self.keys.get(issuer)?.usable(now)?.find(key_id)?;
        Some((issuer, Arc::clone(key)))
    }

    fn missing_key(&mut self, token: &Unverified<'_>, now: Timestamp) -> Selection {
        let Some(issuer) = self.claimed_issuer(token) else {
            return Selection::Refused(Rejection::Key(KeySelectionError::UnknownIssuer));
        };
        let Some(keys) = self.keys.get_mut(issuer) else {
            return Selection::Refused(Rejection::Key(KeySelectionError::UnknownIssuer));
        };
        let error = match keys.usable(now) {
            None => KeySelectionError::NoKeySet,
            Some(_) => KeySelectionError::Unknown,
        };
        let rejection = Rejection::Key(error);
        if keys.ask(now) {
            Selection::Refresh { issuer, rejection }
        } else {
            Selection::Refused(rejection)
        }
    }

    fn claimed_issuer(&self, token: &Unverified<'_>) -> Option<usize> {
        let name = peek_issuer(token.payload_unchecked())?;
        self.policy.issuers.iter().position(|issuer| *issuer.issuer == *name)
    }
}
