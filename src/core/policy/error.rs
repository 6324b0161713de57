//! What is wrong with a policy, where, and what to do.

use alloc::string::String;
use core::fmt;

use super::place::Place;

/// A mistake in a policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    code: PolicyErrorCode,
    path: String,
    message: String,
}

/// The kind of a mistake; its text is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyErrorCode {
    /// Two parts of the document contradict each other.
    Conflict,
    /// A field is unknown, missing, or of the wrong type.
    Field,
    /// An inline key set or one of its keys; the text is a `jwks.*` code.
    Keys(&'static str),
    /// A value is outside of what is allowed.
    Value,
}

impl PolicyError {
    pub(super) fn new(code: PolicyErrorCode, place: &Place<'_>, message: &str) -> Self {
        Self { code, path: place.path(), message: message.into() }
    }

    pub(super) fn value(place: &Place<'_>, message: &str) -> Self {
        Self::new(PolicyErrorCode::Value, place, message)
    }

    pub(super) fn conflict(place: &Place<'_>, message: &str) -> Self {
        Self::new(PolicyErrorCode::Conflict, place, message)
    }

    pub(super) fn field(place: &Place<'_>, message: &str) -> Self {
        Self::new(PolicyErrorCode::Field, place, message)
    }

    /// Stable name of the kind, such as `cfg.value` or `jwks.weak`.
    pub fn code(&self) -> &'static str {
        match self.code {
            PolicyErrorCode::Conflict => "cfg.conflict",
            PolicyErrorCode::Field => "cfg.field",
            PolicyErrorCode::Keys(code) => code,
            PolicyErrorCode::Value => "cfg.value",
        }
    }

    /// Where the mistake is, such as `routes[2].scopes.all`; empty for the document as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(formatter, "{} [{}]", self.message, self.code())
        } else {
            write!(formatter, "{}: {} [{}]", self.path, self.message, self.code())
        }
    }
}

impl core::error::Error for PolicyError {}
