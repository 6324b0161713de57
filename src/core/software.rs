//! The answer to a signature check in Rust.

use edgelatch_signatures::Hash;
use edgelatch_signatures::rsa::Padding;

use crate::algorithm::Algorithm;
use crate::key::{Prepared, VerifyingKey};
use crate::signature::{SignatureCheck, SignatureOutcome};

/// Verifies a signature, and gets faster at it from one valid signature of a key to the next.
pub fn verify(check: &SignatureCheck<'_>) -> SignatureOutcome {
    let valid = match check.key.prepared() {
        Prepared::Es256(key) => key.verify(check.message, check.signature),
        Prepared::Ed25519(key) => key.verify(check.message, check.signature),
        Prepared::Rsa(key) => scheme(check.algorithm).is_some_and(|(padding, hash)| {
            key.verify(padding, hash, check.message, check.signature)
        }),
    };
    if !valid {
        return SignatureOutcome::Invalid;
    }
    prepare(check.key);
    SignatureOutcome::Valid
}

/// Whether checks of this key in Rust are faster than those of most hosts: ES256, once [`prepare`] has made what
/// that takes.
pub fn is_prepared(key: &VerifyingKey) -> bool {
    matches!(key.prepared(), Prepared::Es256(key) if key.is_prepared())
}

/// A step towards faster checks, and no longer than one: to be taken after each valid signature of a key that stays.
pub fn prepare(key: &VerifyingKey) {
    if let Prepared::Es256(key) = key.prepared() {
        key.prepare();
    }
}

fn scheme(algorithm: Algorithm) -> Option<(Padding, Hash)> {
    Some(match algorithm {
        Algorithm::Rs256 => (Padding::Pkcs1, Hash::Sha256),
        Algorithm::Rs384 => (Padding::Pkcs1, Hash::Sha384),
        Algorithm::Rs512 => (Padding::Pkcs1, Hash::Sha512),
        Algorithm::Ps256 => (Padding::Pss, Hash::Sha256),
        Algorithm::Ps384 => (Padding::Pss, Hash::Sha384),
        Algorithm::Ps512 => (Padding::Pss, Hash::Sha512),
        Algorithm::Es256 | Algorithm::Ed25519 => return None,
    })
}
