//! Words for the operator, on standard error. Standard output belongs to the audit.

use core::fmt::Display;
use core::time::Duration;
use std::io::Write;

use tokio::time::Instant;

/// One line about something that went wrong while the issuer keeps running.
pub(crate) fn warn(problem: &impl Display) {
    // If even standard error is gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "edgelatch: {problem}");
}

/// Warns of something that lasts: at once, then now and then.
pub(crate) struct Reminder {
    pause: Duration,
    last: Option<Instant>,
}

impl Reminder {
    pub(crate) fn new(pause: Duration) -> Self {
        Self { pause, last: None }
    }

    pub(crate) fn warn(&mut self, problem: &impl Display) {
        if self.last.is_none_or(|last| last.elapsed() >= self.pause) {
            self.last = Some(Instant::now());
            warn(problem);
        }
    }
}
