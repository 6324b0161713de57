//! Third stage: the one key that may verify a token, chosen by issuer, `kid` and algorithm.

use alloc::sync::Arc;

use super::Engine;
use crate::cache::Refusal;
use crate::claims::{Claims, peek_issuer};
use crate::key::VerifyingKey;
use crate::rejection::{KeySelectionError, Rejection};
use crate::signature::Signed;
use crate::time::Timestamp;
use crate::token::{TokenError, Unverified};

/// What the search for a key led to.
pub(super) enum Selection {
    /// The token was verified before, and its key is still in force.
    Known {
        /// Position in the policy.
        issuer: usize,
        claims: Arc<Claims>,
    },
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
        let Some((issuer, key)) = self.find_key(&token, now) else {
            return self.missing_key(&token, now);
        };
        if !self.allows_type(issuer, &token) {
            return Selection::Refused(Rejection::Token(TokenError::Type));
        }
        // Select by name *and* algorithm: a key must not be reused under a weaker algorithm.
        if key.algorithm() != token.header().algorithm {
            return Selection::Refused(Rejection::Key(KeySelectionError::Algorithm));
        }
        match Signed::new(token, key) {
            Ok(signed) => Selection::Chosen { issuer, signed },
            Err(error) => Selection::Refused(Rejection::Signature(error)),
        }
    }

    /// The key that the token names at the issuer that it claims; of a token that names none, the
    /// pinned one. With a single issuer there is nothing to choose, so the payload is not looked at; the
    /// signature proves or disproves the claim.
    fn find_key(
        &self,
        token: &Unverified<'_>,
        now: Timestamp,
    ) -> Option<(usize, Arc<VerifyingKey>)> {
        let issuer = match self.keys.as_slice() {
            [_] => 0,
            _ => self.claimed_issuer(token)?,
        };
        let keys = self.keys.get(issuer)?;
        let key = match token.header().key_id.as_deref() {
            Some(key_id) => keys.usable(now)?.find(key_id)?,
            None => keys.pinned()?,
        };
        Some((issuer, Arc::clone(key)))
    }

    fn allows_type(&self, issuer: usize, token: &Unverified<'_>) -> bool {
        let policy = self.policy.issuers.get(issuer);
        policy.is_some_and(|policy| policy.token_types.contains(&token.header().token_type))
    }

    fn missing_key(&mut self, token: &Unverified<'_>, now: Timestamp) -> Selection {
        if token.header().key_id.is_none() {
            return Selection::Refused(Rejection::Key(KeySelectionError::NoKeyId));
        }
        let Some(issuer) = self.claimed_issuer(token) else {
            return Selection::Refused(Rejection::Key(KeySelectionError::UnknownIssuer));
        };
        // No key would help.
        if !self.allows_type(issuer, token) {
            return Selection::Refused(Rejection::Token(TokenError::Type));
        }
        if let Some(keys) = self.keys.get(issuer).filter(|keys| keys.usable(now).is_some()) {
            let generation = keys.generation();
            self.cache.refuse(token.text(), Refusal::UnknownKey { issuer, generation });
        }
        self.without_key(issuer, now)
    }

    /// What to do about a token of an issuer that has no key for it, as far as is known.
    pub(super) fn without_key(&mut self, issuer: usize, now: Timestamp) -> Selection {
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
