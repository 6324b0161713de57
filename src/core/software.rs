//! The answer to a signature check in Rust, for hosts without crypto of their own. Verification only: no
//! secret is near, so time and memory may depend on every number, and that is what makes it fast.

use crate::key::Prepared;
use crate::signature::{SignatureCheck, SignatureOutcome};

pub(crate) mod ed25519;
pub(crate) mod es256;
mod hash;
pub(crate) mod rsa;
mod windows;

/// Verifies a signature.
pub fn verify(check: &SignatureCheck<'_>) -> SignatureOutcome {
    match check.key.prepared() {
        Prepared::Es256(key) => verdict(key.verify(check.message, check.signature)),
        Prepared::Ed25519(key) => verdict(key.verify(check.message, check.signature)),
        Prepared::Rsa(key) => verdict(key.verify(check.algorithm, check.message, check.signature)),
    }
}

fn verdict(valid: bool) -> SignatureOutcome {
    if valid { SignatureOutcome::Valid } else { SignatureOutcome::Invalid }
}
