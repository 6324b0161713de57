//! The one way in which the audit fails.

use core::fmt;

/// The audit cannot be written, so nothing may be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AuditError;

impl fmt::Display for AuditError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "audit cannot be written: standard output; requests get 503 until it can, check who \
             reads it",
        )
    }
}

impl core::error::Error for AuditError {}
