//! Header and claims of a DPoP proof.

use alloc::string::String;

use crate::algorithm::Algorithm;
use crate::claims;
use crate::json::Object;
use crate::key::VerifyingKey;
use crate::time::Timestamp;
use crate::token;

/// The key that came along, if it is public, strong enough and for the algorithm, and the header is
/// that of a proof (RFC 9449 s4.2).
pub(super) fn read_key(header: &Object<'_>) -> Option<VerifyingKey> {
    // Exactly this type, so that no other token of a client serves as a proof.
    let name = header.text("typ")?;
    let is_proof = TYPES.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut others = header.names().filter(|name| *name != "jwk");
    if !is_proof || others.any(token::has_no_place) {
        return None;
    }
    let algorithm = Algorithm::parse(header.text("alg")?)?;
    if !ALGORITHMS.contains(&algorithm) {
        return None;
    }
    VerifyingKey::load(header.get("jwk")?, &[algorithm]).ok()
}

/// The claims that decide something (RFC 9449 s4.2).
pub(super) struct ProofClaims {
    /// `jti`.
    pub(super) id: String,
    /// `htm`.
    pub(super) method: String,
    /// `htu`.
    pub(super) target: String,
    /// `ath`.
    pub(super) token: String,
    /// `iat`, rounded up.
    pub(super) issued_at: Timestamp,
}

impl ProofClaims {
    /// Reads the claims; none if one of them is missing or of a wrong type.
    pub(super) fn read(claims: &Object<'_>) -> Option<Self> {
        let text = |name| claims.text(name).map(String::from);
        Some(Self {
            id: text("jti").filter(|id| is_identifier(id))?,
            method: text("htm")?,
            target: text("htu")?,
            token: text("ath")?,
            issued_at: claims::read_date(claims.get("iat")?)?,
        })
    }
}

fn is_identifier(id: &str) -> bool {
    (1..=256).contains(&id.len()) && !id.contains(char::is_control)
}

const TYPES: [&str; 2] = ["dpop+jwt", "application/dpop+jwt"];

const ALGORITHMS: [Algorithm; 4] =
    [Algorithm::Es256, Algorithm::Ed25519, Algorithm::Rs256, Algorithm::Ps256];
