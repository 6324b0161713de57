//! Words for the operator, on standard error. Standard output belongs to the audit.

use core::fmt::Display;
use std::io::Write;

/// One line about something that went wrong while the issuer keeps running.
pub(crate) fn warn(problem: &impl Display) {
    // If even standard error is gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "edgelatch: {problem}");
}
