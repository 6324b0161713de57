//! Whether the audit takes lines, as seen by its writer and by those who wait for it.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;

use tokio::time::Instant;

use super::AuditError;
use crate::report::warn;

/// How long one write may take. Whoever reads our output may be slow, but callers do not wait.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

/// State of the writer. Times are milliseconds since the start plus one; 0 is "not writing".
pub(super) struct Health {
    began: Instant,
    writing_since: AtomicU64,
    failing: AtomicBool,
    has_complained: AtomicBool,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            writing_since: AtomicU64::new(0),
            failing: AtomicBool::new(false),
            has_complained: AtomicBool::new(false),
        }
    }
}

impl Health {
    /// The writer begins to write.
    pub(super) fn begin(&self) {
        self.writing_since.store(self.now(), Ordering::Relaxed);
    }

    /// The writer has written, or failed to.
    pub(super) fn end(&self, outcome: Result<(), AuditError>) {
        self.writing_since.store(0, Ordering::Relaxed);
        self.failing.store(outcome.is_err(), Ordering::Relaxed);
        if outcome.is_ok() {
            self.has_complained.store(false, Ordering::Relaxed);
        }
    }

    /// Whether one write takes longer than allowed.
    pub(super) fn is_stuck(&self) -> bool {
        let since = self.writing_since.load(Ordering::Relaxed);
        let elapsed = Duration::from_millis(self.now().saturating_sub(since));
        since != 0 && elapsed >= PATIENCE
    }

    /// Whether the last write failed.
    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Tells the operator, once until it works again and not once per request.
    pub(super) fn complain(&self) {
        if !self.has_complained.swap(true, Ordering::Relaxed) {
            warn(&AuditError);
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }
}
