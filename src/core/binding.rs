//! Sixth stage: whether who sends a bound token holds what it is bound to: a TLS certificate
//! (RFC 8705 s3) or a key that signs a proof for this very request (DPoP, RFC 9449 s7). A bound token
//! without its proof was taken from its owner.

use alloc::boxed::Box;

use crate::claims::Confirmation;
use crate::signature::Signed;
use crate::time::Timestamp;

mod certificate;
mod proof;
mod replay;
mod target;
mod thumbprint;

use subtle::ConstantTimeEq;

pub(crate) use self::certificate::CertificateSource;
pub(crate) use self::proof::PresentedProof;
pub(crate) use self::replay::{ProofId, Replays};

/// SHA-256 of a certificate, a key or a token.
pub(crate) type Digest = [u8; 32];

/// What came along with a token. It owns its bytes, because the answer to the signature check may come
/// later than the request's memory lives.
#[derive(Clone, Debug, Default)]
pub(crate) struct Presented {
    pub(crate) certificate: Option<Digest>,
    /// Present if and only if the token came with the scheme `DPoP`.
    pub(crate) proof: Option<Box<PresentedProof>>,
}

/// The rules for DPoP proofs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProofRules {
    pub(crate) lifetime_seconds: u64,
    /// How many proofs are remembered, so that none is taken twice.
    pub(crate) maximum_proofs: usize,
}

/// Whether the sender holds what the token is bound to.
#[derive(Clone, Debug)]
pub(crate) enum Possession {
    /// It does, or the token is bound to nothing.
    Shown,
    /// It does if this signature is valid, and if this proof was not used before.
    Claimed { signed: Signed, id: ProofId },
}

/// Why a token may not be used by who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingError {
    /// The token is bound to a certificate, and no certificate or another one came along.
    Certificate,
    /// The token is bound to another key than the proof's, to a key but came as a plain bearer token,
    /// or to none but came with a proof.
    Key,
    /// The DPoP proof is malformed, for another request or token, too old, or not signed by its key.
    Proof,
    /// The token came with the scheme `DPoP` and without a proof.
    ProofMissing,
    /// Several DPoP proofs.
    ProofMultiple,
    /// The DPoP proof was used before.
    Replayed,
    /// The route wants tokens that are bound in another way.
    Route,
    /// The token is bound in a way that the policy does not know.
    Unknown,
    /// Too many proofs are remembered to take one more.
    WindowFull,
}

/// Checks everything about the binding that needs no signature check.
pub(crate) fn check(
    confirmation: Option<&Confirmation>,
    presented: &Presented,
    rules: Option<&ProofRules>,
    clock_skew_seconds: u64,
    now: Timestamp,
) -> Result<Possession, BindingError> {
    let Some(confirmation) = confirmation else {
        // A token that anybody may use gains nothing by a proof; its sender takes it for another one.
        return presented.proof.as_ref().map_or(Ok(Possession::Shown), |_| Err(BindingError::Key));
    };
    if confirmation.certificate.is_none() && confirmation.key.is_none() {
        return Err(BindingError::Unknown);
    }
    if let Some(expected) = &confirmation.certificate {
        let shown = presented.certificate.as_ref();
        if !shown.is_some_and(|shown| is_equal(shown, expected)) {
            return Err(BindingError::Certificate);
        }
    }
    match (&confirmation.key, &presented.proof, rules) {
        (None, None, _) => Ok(Possession::Shown),
        (Some(_), _, None) => Err(BindingError::Unknown),
        (Some(expected), Some(proof), Some(rules)) => {
            proof.check(expected, *rules, clock_skew_seconds, now)
        }
        (Some(_), None, Some(_)) | (None, Some(_), _) => Err(BindingError::Key),
    }
}

fn is_equal(one: &Digest, other: &Digest) -> bool {
    one.ct_eq(other).into()
}
