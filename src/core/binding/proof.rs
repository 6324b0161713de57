//! A DPoP proof: a small JWS by which the sender shows, for one request and one token, that it holds
//! the token's key (RFC 9449 s4). The key comes with the proof; what makes it the right one is its
//! thumbprint in the token.

use alloc::string::String;
use alloc::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::replay::ProofId;
use super::{BindingError, Digest, Possession, ProofRules, is_equal, target, thumbprint};
use crate::base64;
use crate::bearer::BearerText;
use crate::json;
use crate::key::VerifyingKey;
use crate::request::Request;
use crate::signature::Signed;
use crate::time::Timestamp;
use crate::token;

mod members;

use self::members::ProofClaims;

/// The proof that came along, and what it has to be about.
#[derive(Clone, Debug)]
pub(crate) struct PresentedProof {
    text: String,
    /// None if it is no text.
    method: Option<String>,
    /// None if the host does not know all of it.
    target: Option<String>,
    /// SHA-256 of the access token.
    token: Digest,
}

impl PresentedProof {
    /// Takes the one proof out of the header lines (RFC 9449 s4.3, check 1).
    pub(crate) fn find(request: &Request<'_>, token: BearerText<'_>) -> Result<Self, BindingError> {
        let is_proof = |name: &[u8]| name.eq_ignore_ascii_case(b"dpop");
        let mut lines = request.headers.iter().filter(|(name, _)| is_proof(name));
        let Some((_, value)) = lines.next() else {
            return Err(BindingError::ProofMissing);
        };
        // Proxies and runtimes join repeated lines with commas; no proof contains one.
        if lines.next().is_some() || value.contains(&b',') {
            return Err(BindingError::ProofMultiple);
        }
        if value.len() > MAXIMUM_BYTES {
            return Err(BindingError::Proof);
        }
        let text = core::str::from_utf8(value).map_err(|_| BindingError::Proof)?;
        Ok(Self {
            text: text.into(),
            method: core::str::from_utf8(request.method).ok().map(Into::into),
            target: target::of_request(request.scheme, request.authority, request.path_only()),
            token: Sha256::digest(token.as_str()).into(),
        })
    }

    /// Checks the proof up to its signature, which is the last and most expensive question.
    pub(super) fn check(
        &self,
        expected: &Digest,
        rules: ProofRules,
        clock_skew_seconds: u64,
        now: Timestamp,
    ) -> Result<Possession, BindingError> {
        let (key, signed, claims) = parse(&self.text).ok_or(BindingError::Proof)?;
        let thumbprint = thumbprint::of(key.material());
        if !is_equal(&thumbprint, expected) {
            return Err(BindingError::Key);
        }
        let claims = claims.ok_or(BindingError::Proof)?;
        let last = self.check_claims(&claims, rules, clock_skew_seconds, now);
        let last = last.ok_or(BindingError::Proof)?;
        Ok(Possession::Claimed { signed, id: ProofId::new(&thumbprint, &claims.id, last) })
    }

    /// RFC 9449 s4.3, checks 8 to 12: this method, this address, this token, now. The last second in
    /// which the proof may be used.
    fn check_claims(
        &self,
        claims: &ProofClaims,
        rules: ProofRules,
        clock_skew_seconds: u64,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let target = self.target.as_ref()?;
        let is_for_request = self.method.as_ref() == Some(&claims.method)
            && target::of_claim(&claims.target).as_ref() == Some(target);
        let token = base64::decode(&claims.token).ok()?;
        let is_for_token = is_equal(&token.try_into().ok()?, &self.token);
        let last = claims
            .issued_at
            .saturating_add(rules.lifetime_seconds)
            .saturating_add(clock_skew_seconds);
        let is_timely = claims.issued_at <= now.saturating_add(clock_skew_seconds) && now <= last;
        (is_for_request && is_for_token && is_timely).then_some(last)
    }
}

/// Reads the proof and pairs it with its own key (RFC 9449 s4.3, checks 2 to 7). Whether its claims are
/// complete is asked after whose key it is.
fn parse(text: &str) -> Option<(Arc<VerifyingKey>, Signed, Option<ProofClaims>)> {
    let (header, payload, signature) = token::split(text)?;
    let header = base64::decode(header).ok()?;
    let key = Arc::new(members::read_key(&json::parse(&header).ok()?)?);
    let payload = base64::decode(payload).ok()?;
    let claims = ProofClaims::read(&json::parse(&payload).ok()?);
    let signature = base64::decode(signature).ok()?;
    let signed = Signed::join(text.into(), payload, signature, Arc::clone(&key)).ok()?;
    Some((key, signed, claims))
}

/// Bytes of a proof. One with a key of 4,096 bits has about 2,000.
const MAXIMUM_BYTES: usize = 8_192;
