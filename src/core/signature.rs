//! Fourth stage: the signature, as a question. Hosts differ in who answers it best: Envoy has
//! BoringSSL, a Worker WebCrypto, others only the Rust in `software`.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::algorithm::Algorithm;
use crate::key::{KeyMaterial, VerifyingKey};
use crate::token::Unverified;

/// "Is this signature of this key over this message valid?"
#[derive(Clone, Copy, Debug)]
pub struct SignatureCheck<'a> {
    /// The key's algorithm, which is also the header's.
    pub algorithm: Algorithm,
    /// The key that the header names.
    pub key: &'a VerifyingKey,
    /// Header and payload as they were sent, with the dot between them (RFC 7515 s5.2).
    pub message: &'a [u8],
    /// The decoded signature, of the right length. ECDSA: r and s as 32 bytes each (RFC 7518 s3.4).
    pub signature: &'a [u8],
}

/// The answer to a [`SignatureCheck`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureOutcome {
    /// The holder of the key signed exactly this message.
    Valid,
    /// Anything else. Deliberately without a reason: it could only help a forger.
    Invalid,
    /// This host cannot verify the algorithm: the operator's fault, not the caller's.
    Unsupported,
}

/// A signature that cannot be valid, whatever the key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureError {
    /// Not as long as signatures of this key are.
    Length,
    /// The check answered `Invalid`.
    Invalid,
    /// The check answered `Unsupported`.
    Unsupported,
}

/// A token whose key is chosen and whose signature is being checked. It owns its bytes, because the
/// answer may come later than the request's memory lives.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    key: Arc<VerifyingKey>,
    /// Begins with the message.
    text: String,
    message_length: usize,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// A token whose signature is valid. Only [`Signed::authenticate`] makes one.
#[derive(Debug)]
pub(crate) struct Authentic {
    key: Arc<VerifyingKey>,
    text: String,
    payload: Vec<u8>,
}

impl Signed {
    /// Pairs a token with the key that its header names.
    pub(crate) fn new(
        token: Unverified<'_>,
        key: Arc<VerifyingKey>,
    ) -> Result<Self, SignatureError> {
        let text = token.text().into();
        let (payload, signature) = token.into_payload_and_signature();
        Self::join(text, payload, signature, key)
    }

    /// Pairs the parts of any compact JWS with the key that has to have signed it.
    pub(crate) fn join(
        text: String,
        payload: Vec<u8>,
        signature: Vec<u8>,
        key: Arc<VerifyingKey>,
    ) -> Result<Self, SignatureError> {
        if signature.len() != key.signature_length() {
            return Err(SignatureError::Length);
        }
        // RFC 8017 s5.2.2: a signature is below the modulus. Adding the modulus would make a second text
        // of the same signature, and some PSS implementations reduce it silently.
        if let KeyMaterial::Rsa { modulus, .. } = key.material()
            && signature >= *modulus
        {
            return Err(SignatureError::Invalid);
        }
        // RFC 7515 s5.2: what was signed is the text before the last dot.
        let message_length = text.rfind('.').unwrap_or_default();
        Ok(Self { key, text, message_length, payload, signature })
    }

    /// The question for the host.
    pub(crate) fn check(&self) -> SignatureCheck<'_> {
        SignatureCheck {
            algorithm: self.key.algorithm(),
            key: &self.key,
            message: self.text.as_bytes().get(..self.message_length).unwrap_or_default(),
            signature: &self.signature,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn key(&self) -> &Arc<VerifyingKey> {
        &self.key
    }

    /// Takes the host's answer; the payload is readable only behind a valid one.
    pub(crate) fn authenticate(
        self,
        outcome: SignatureOutcome,
    ) -> Result<Authentic, SignatureError> {
        match outcome {
            SignatureOutcome::Valid => {
                Ok(Authentic { key: self.key, text: self.text, payload: self.payload })
            }
            SignatureOutcome::Invalid => Err(SignatureError::Invalid),
            SignatureOutcome::Unsupported => Err(SignatureError::Unsupported),
        }
    }
}

impl Authentic {
    pub(crate) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The whole text and the key that verified it.
    pub(crate) fn into_text_and_key(self) -> (String, Arc<VerifyingKey>) {
        (self.text, self.key)
    }
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;
    use crate::key::tests::{load_for, p256, rsa};

    fn join(jwk: &serde_json::Value, signature: Vec<u8>) -> Result<Signed, SignatureError> {
        let key = load_for(jwk, &Algorithm::ALL).unwrap();
        Signed::join("header.payload.signature".into(), vec![1], signature, key.into())
    }

    #[test]
    fn an_rsa_signature_is_below_the_modulus() {
        let modulus = [0xfb; 256];
        for (last, expected) in [
            (0xfa, None),
            (0xfb, Some(SignatureError::Invalid)),
            (0xfc, Some(SignatureError::Invalid)),
        ] {
            let mut signature = modulus.to_vec();
            signature[255] = last;
            assert_eq!(join(&rsa(&modulus, &[3]), signature).err(), expected, "{last}");
        }
    }

    #[test]
    fn asks_about_what_stands_before_the_last_dot() {
        let signed = join(&p256(), vec![2; 64]).unwrap();
        let check = signed.check();
        assert_eq!((check.message, check.signature), (&b"header.payload"[..], &[2; 64][..]));
        assert_eq!(check.algorithm, Algorithm::Es256);
        assert_eq!(join(&p256(), vec![2; 63]).unwrap_err(), SignatureError::Length);
    }

    #[test]
    fn only_a_valid_signature_opens_the_payload() {
        let authenticate = |outcome| join(&p256(), vec![2; 64]).unwrap().authenticate(outcome);
        assert_eq!(authenticate(SignatureOutcome::Valid).unwrap().payload(), [1]);
        for (outcome, error) in [
            (SignatureOutcome::Invalid, SignatureError::Invalid),
            (SignatureOutcome::Unsupported, SignatureError::Unsupported),
        ] {
            assert_eq!(authenticate(outcome).unwrap_err(), error);
        }
    }
}
