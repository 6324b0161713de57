//! How old the knowledge is that requests are answered from.

use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use tokio::time::Instant;

/// From here on a balancer should prefer others: "disabled within a second" is no longer true.
const NOT_READY: Duration = Duration::from_secs(5);

/// From here on nothing is issued: a client that was disabled meanwhile must not get tokens for as
/// long as the database stays away.
const REFUSE: Duration = Duration::from_secs(30);

/// When the database was last seen to hold what is in memory.
pub(crate) struct Freshness {
    began: Instant,
    confirmed_milliseconds: AtomicU64,
}

impl Freshness {
    /// Confirmed now.
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), confirmed_milliseconds: AtomicU64::new(0) }
    }

    /// The database was read, or has not changed.
    pub(crate) fn confirm(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.confirmed_milliseconds.store(now, Ordering::Relaxed);
    }

    /// Whether more callers should come.
    pub(crate) fn is_ready(&self) -> bool {
        self.age() < NOT_READY
    }

    /// Whether tokens may be issued.
    pub(crate) fn admits(&self) -> bool {
        self.age() < REFUSE
    }

    fn age(&self) -> Duration {
        let confirmed = Duration::from_millis(self.confirmed_milliseconds.load(Ordering::Relaxed));
        self.began.elapsed().saturating_sub(confirmed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(age: Duration, ready: bool, admits: bool) {
        let began = Instant::now().checked_sub(age).unwrap();
        let freshness = Freshness { began, confirmed_milliseconds: AtomicU64::new(0) };
        assert_eq!((freshness.is_ready(), freshness.admits()), (ready, admits), "{age:?}");
        freshness.confirm();
        assert!(freshness.is_ready() && freshness.admits());
    }

    #[test]
    fn gives_up_on_knowledge_that_cannot_be_confirmed() {
        check(Duration::from_secs(1), true, true);
        check(Duration::from_secs(6), false, true);
        check(Duration::from_secs(31), false, false);
    }
}
