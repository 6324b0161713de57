//! The token factory: describes any token, sound or hostile, as data and makes its bytes.
//!
//! All keys are fixed and every signature is deterministic, so a description always gives the same
//! bytes: a host that cannot run Rust gets them from the expanded corpus.

mod keys;
mod merge;
mod rsa_signing;
mod segment;
mod signature;
mod signing;
mod text;
mod token;

use core::fmt;

pub use keys::Keys;
pub use merge::merge;
pub use signing::sign;
pub use text::Text;
pub use token::Token;

/// Why a token could not be made: always a mistake in its description, told in words.
#[derive(Debug)]
pub struct MintError(String);

impl MintError {
    /// The mistake as a lower-case clause.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for MintError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl core::error::Error for MintError {}
