//! The signature algorithms an edge accepts. There is no `none` and no HMAC here on purpose: what
//! does not exist cannot be confused (RFC 8725 s2.1, s3.1).

use core::fmt;

/// A JWS signature algorithm (RFC 7518 s3.1, RFC 9864).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// EdDSA on Curve25519; the header may say `Ed25519` or the older `EdDSA`.
    Ed25519,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 bytes.
    Ps384,
    /// RSASSA-PSS with SHA-512, MGF1 with SHA-512 and a salt of 64 bytes.
    Ps512,
}

impl Algorithm {
    /// Every algorithm, in the order in which an issuer's default list prefers them.
    pub const ALL: [Self; 8] = [
        Self::Es256,
        Self::Ed25519,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
    ];

    /// The algorithm that a header's or a key's `alg` names; names are compared byte by byte.
    pub fn parse(name: &str) -> Option<Self> {
        if name == "EdDSA" {
            return Some(Self::Ed25519);
        }
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The fully specified name (RFC 9864).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Ed25519 => "Ed25519",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
        }
    }

    /// Whether keys of this algorithm are RSA keys.
    pub const fn is_rsa(self) -> bool {
        match self {
            Self::Es256 | Self::Ed25519 => false,
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => {
                true
            }
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    #[test]
    fn knows_both_names_of_ed25519() {
        assert_eq!(Algorithm::parse("EdDSA"), Some(Algorithm::Ed25519));
        assert_eq!(Algorithm::parse("Ed25519"), Some(Algorithm::Ed25519));
    }

    #[test]
    fn reads_back_every_name() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::parse(algorithm.name()), Some(algorithm));
            assert_eq!(algorithm.to_string(), algorithm.name());
        }
    }

    #[test]
    fn refuses_none_hmac_and_other_spellings() {
        for name in ["", "none", "None", "HS256", "es256", "ES256 ", "ES384", "ES256K", "eddsa"] {
            assert_eq!(Algorithm::parse(name), None, "{name}");
        }
    }
}
