//! What a token is bound to (`cnf`, RFC 7800 s3).

use serde::de::MapAccess;

use crate::base64;
use crate::json::{Members, Scalar, Value};

/// The holder's certificate (RFC 8705 s3.1) or key (RFC 9449 s6.1), as SHA-256. With both, both have to
/// be shown; with neither, nobody can show anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Confirmation {
    pub(crate) certificate: Option<[u8; 32]>,
    pub(crate) key: Option<[u8; 32]>,
}

/// The members of `cnf` as they came.
#[derive(Default)]
pub(super) struct RawConfirmation {
    certificate: Member,
    key: Member,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Member {
    #[default]
    Absent,
    Broken,
    Digest([u8; 32]),
}

impl RawConfirmation {
    /// One broken member spoils the other: half of what the issuer meant is not what it meant.
    pub(super) fn finish(self) -> Confirmation {
        match (self.certificate, self.key) {
            (Member::Broken, _) | (_, Member::Broken) => Confirmation::default(),
            (certificate, key) => {
                Confirmation { certificate: certificate.digest(), key: key.digest() }
            }
        }
    }
}

impl Member {
    fn digest(self) -> Option<[u8; 32]> {
        match self {
            Self::Digest(digest) => Some(digest),
            Self::Absent | Self::Broken => None,
        }
    }
}

impl<'de> Members<'de> for RawConfirmation {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        let member = match name {
            "x5t#S256" => &mut self.certificate,
            "jkt" => &mut self.key,
            // RFC 7800 s3.1: what is not understood is ignored.
            _ => return value.skip(),
        };
        *member = digest(&value.read()?).map_or(Member::Broken, Member::Digest);
        Ok(())
    }
}

fn digest(value: &Scalar<'_>) -> Option<[u8; 32]> {
    let Scalar::Text(text) = value else { return None };
    base64::decode(text).ok()?.try_into().ok()
}
