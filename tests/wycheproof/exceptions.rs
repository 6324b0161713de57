//! Where our verdict is not the label, each with the reason. One that is no longer needed fails the suite.

use std::collections::BTreeSet;

/// Vectors of one file whose label does not hold here.
pub(crate) struct Exception {
    /// The file.
    pub(crate) set: &'static str,
    /// `tcId`s.
    pub(crate) ids: &'static [usize],
    pub(crate) because: &'static str,
}

/// The exceptions of some files, and which of them were met.
pub(crate) struct Exceptions {
    table: &'static [Exception],
    met: BTreeSet<(&'static str, usize)>,
}

impl Exceptions {
    pub(crate) fn new(table: &'static [Exception]) -> Self {
        Self { table, met: BTreeSet::new() }
    }

    /// Whether this vector is one; then it counts as met.
    pub(crate) fn meet(&mut self, set: &str, id: usize) -> bool {
        let exception = self.table.iter().find(|row| row.set == set && row.ids.contains(&id));
        exception.is_some_and(|row| self.met.insert((row.set, id)))
    }

    pub(crate) fn is_one(&self, set: &str, id: usize) -> bool {
        self.table.iter().any(|row| row.set == set && row.ids.contains(&id))
    }

    /// All of them in this file must have been met.
    pub(crate) fn check(&self, set: &str) {
        for row in self.table.iter().filter(|row| row.set == set) {
            for id in row.ids {
                let is_met = self.met.contains(&(row.set, *id));
                assert!(is_met, "{} {id} is no exception any more: {}", row.set, row.because);
            }
        }
    }
}

/// Signatures that are wrong for other parameters because they were made with ours: valid here.
pub(crate) const OF_OTHER_PARAMETERS: &[Exception] = &[
    Exception { set: "Rsa2048Sha224", ids: &[219], because: SHA_256 },
    Exception { set: "Rsa2048Sha3_224", ids: &[221], because: SHA_256 },
    Exception { set: "Rsa2048Sha3_256", ids: &[221], because: SHA_256 },
    Exception { set: "Rsa3072Sha3_256", ids: &[222], because: SHA_256 },
    Exception { set: "Rsa2048Sha3_384", ids: &[223], because: SHA_384 },
    Exception { set: "Rsa3072Sha3_384", ids: &[224], because: SHA_384 },
    Exception { set: "Rsa2048Sha3_512", ids: &[225], because: SHA_512 },
    Exception { set: "Rsa2048Sha512_224", ids: &[225], because: SHA_512 },
    Exception { set: "Rsa2048Sha512_256", ids: &[225], because: SHA_512 },
    Exception { set: "Rsa3072Sha3_512", ids: &[226], because: SHA_512 },
    Exception { set: "Rsa3072Sha512_256", ids: &[226], because: SHA_512 },
    Exception { set: "Rsa4096Sha512_256", ids: &[226], because: SHA_512 },
    Exception { set: "RsaPss2048Sha256Mgf1SaltLen0", ids: &[69], because: SALT },
    Exception { set: "RsaPss2048Sha256Mgf1SaltLen0WithParams", ids: &[69], because: SALT },
];

const SHA_256: &str = "the wrong hash that it was made with is SHA-256, and it is tried as RS256";
const SHA_384: &str = "the wrong hash that it was made with is SHA-384, and it is tried as RS384";
const SHA_512: &str = "the wrong hash that it was made with is SHA-512, and it is tried as RS512";
const SALT: &str = "the wrong salt that it was made with has 32 bytes, as PS256 wants it";

/// Tokens whose label is wrong: five libraries that know nothing of each other disagree with exactly these. All of
/// them are refused.
pub(crate) const WRONG_LABELS: &[Exception] = &[
    Exception {
        set: "signature",
        ids: &[346, 350],
        because: "called valid, but the key is for PS256 and the token says PS384",
    },
    Exception {
        set: "signature",
        ids: &[347, 351],
        because: "called valid, but the key is for ES521, which does not exist",
    },
    Exception {
        set: "signature",
        ids: &[372, 373],
        because: "called valid, but a question mark stands in the text, which is no base64url",
    },
    Exception {
        set: "signature",
        ids: &[367, 370],
        because: "called invalid, but the text is that of the valid 357 (refused, as that one is)",
    },
];

/// Tokens that are valid for whoever shares a secret with the issuer.
pub(crate) const NOT_FOR_AN_EDGE: &[Exception] = &[
    Exception { set: "signature", ids: &[1, 348, 352, 357, 358, 359, 376, 377], because: HMAC },
    Exception { set: "key", ids: &[2, 13, 14, 15], because: HMAC },
    Exception { set: "crypto", ids: &[1, 48], because: HMAC },
];

/// Tokens with a valid signature over nothing.
pub(crate) const WITHOUT_PAYLOAD: &[Exception] = &[Exception {
    set: "signature",
    ids: &[259, 264, 268, 272, 320, 325],
    because: "an access token has claims, so an empty payload is refused with the form of the token",
}];

const HMAC: &str = "HMAC: an edge that can check such a token can make one, so no edge of ours can";
