//! The answer to a signature check in Rust, for hosts without crypto of their own: the algorithms of
//! `jwt-compact` (RustCrypto). Verification only: no secret is near.

use jwt_compact::alg::{Ed25519, Es256};
use jwt_compact::{Algorithm, AlgorithmSignature};

use crate::key::Prepared;
use crate::signature::{SignatureCheck, SignatureOutcome};

/// Verifies a signature.
pub fn verify(check: &SignatureCheck<'_>) -> SignatureOutcome {
    match check.key.prepared() {
        Prepared::Es256(key) => verify_with(&Es256, key, check),
        Prepared::Ed25519(key) => verify_with(&Ed25519, key, check),
        #[cfg(feature = "rsa")]
        Prepared::Rsa(key) => verify_rsa(key, check),
        #[cfg(not(feature = "rsa"))]
        Prepared::Nothing => SignatureOutcome::Unsupported,
    }
}

#[cfg(feature = "rsa")]
fn verify_rsa(
    key: &jwt_compact::alg::RsaPublicKey,
    check: &SignatureCheck<'_>,
) -> SignatureOutcome {
    use jwt_compact::alg::Rsa;

    use crate::algorithm::Algorithm as Name;

    let algorithm = match check.algorithm {
        Name::Rs256 => Rsa::rs256(),
        Name::Rs384 => Rsa::rs384(),
        Name::Rs512 => Rsa::rs512(),
        Name::Ps256 => Rsa::ps256(),
        Name::Ps384 => Rsa::ps384(),
        Name::Ps512 => Rsa::ps512(),
        Name::Es256 | Name::Ed25519 => return SignatureOutcome::Invalid,
    };
    verify_with(&algorithm, key, check)
}

fn verify_with<A: Algorithm>(
    algorithm: &A,
    key: &A::VerifyingKey,
    check: &SignatureCheck<'_>,
) -> SignatureOutcome {
    let Ok(signature) = A::Signature::try_from_slice(check.signature) else {
        return SignatureOutcome::Invalid;
    };
    if algorithm.verify_signature(&signature, key, check.message) {
        SignatureOutcome::Valid
    } else {
        SignatureOutcome::Invalid
    }
}
