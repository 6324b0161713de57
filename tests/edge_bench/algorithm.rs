//! The three signature algorithms that are measured.

/// What a token is signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    Es256,
    Rs256,
    Ed25519,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 3] = [Self::Es256, Self::Rs256, Self::Ed25519];

    /// Its key in the token factory.
    pub(crate) fn key_id(self) -> &'static str {
        match self {
            Self::Es256 => "es256-1",
            Self::Rs256 => "rs256-1",
            Self::Ed25519 => "ed25519-1",
        }
    }

    /// Its name in the header of a token.
    pub(crate) fn wire_name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ed25519 => "EdDSA",
        }
    }

    /// Its name for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Ed25519 => "Ed25519",
        }
    }
}
