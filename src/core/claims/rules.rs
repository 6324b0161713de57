//! What the policy says about the times of an issuer's tokens.

/// The time rules of one issuer, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClaimRules {
    /// How far the issuer's clock and ours may differ.
    pub(crate) clock_skew_seconds: u64,
    /// The longest allowed `exp - iat`.
    pub(crate) maximum_token_lifetime_seconds: u64,
}
