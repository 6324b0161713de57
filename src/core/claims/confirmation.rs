//! What a token is bound to (`cnf`, RFC 7800 s3).

use crate::base64;
use crate::json::{Object, Value};

/// The holder's certificate (RFC 8705 s3.1) or key (RFC 9449 s6.1), as SHA-256. With both, both have to
/// be shown; with neither, nobody can show anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Confirmation {
    pub(crate) certificate: Option<[u8; 32]>,
    pub(crate) key: Option<[u8; 32]>,
}

impl Confirmation {
    /// Reads `cnf`. One broken member spoils the other: half of what the issuer meant is not what it
    /// meant. What is not understood is ignored (RFC 7800 s3.1).
    pub(super) fn read(claim: &Value<'_>) -> Self {
        claim.object().and_then(Self::read_members).unwrap_or_default()
    }

    fn read_members(members: &Object<'_>) -> Option<Self> {
        let read = |name| match members.get(name) {
            None => Some(None),
            Some(value) => digest(value).map(Some),
        };
        Some(Self { certificate: read("x5t#S256")?, key: read("jkt")? })
    }
}

fn digest(value: &Value<'_>) -> Option<[u8; 32]> {
    base64::decode(value.text()?).ok()?.try_into().ok()
}
