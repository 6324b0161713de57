//! Whether the host's clock may be believed. A clock that fails must close the door, not open it:
//! at zero no token would ever have expired.

use crate::time::Timestamp;

/// Remembers the latest time seen, to notice a clock that jumps back over expiries.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClockGuard {
    latest: Timestamp,
}

/// The host's clock cannot be right: before this program was written, past the year 9999, or far
/// behind a time it showed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockError;

impl ClockGuard {
    /// Accepts `now`, or refuses a time that cannot be.
    pub(crate) fn check(&mut self, now: Timestamp) -> Result<(), ClockError> {
        if now < EARLIEST || now > Timestamp::MAXIMUM {
            return Err(ClockError);
        }
        if self.latest.seconds_since(now) > TOLERATED_STEP_BACK {
            return Err(ClockError);
        }
        self.latest = self.latest.max(now);
        Ok(())
    }
}

/// 2026-01-01T00:00:00Z: no edge ran before.
const EARLIEST: Timestamp = Timestamp::from_unix_seconds(1_767_225_600);

/// Seconds that time synchronisation may step the clock back. More would revive expired tokens.
const TOLERATED_STEP_BACK: u64 = 300;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guard: &mut ClockGuard, seconds: u64) -> bool {
        guard.check(Timestamp::from_unix_seconds(seconds)).is_ok()
    }

    #[test]
    fn refuses_zero_and_the_far_future() {
        let mut guard = ClockGuard::default();
        assert!(!check(&mut guard, 0));
        assert!(!check(&mut guard, 1_767_225_599));
        assert!(!check(&mut guard, 253_402_300_800));
        assert!(check(&mut guard, 1_767_225_600));
        assert!(check(&mut guard, 253_402_300_799));
    }

    #[test]
    fn tolerates_a_step_back_of_five_minutes_and_no_more() {
        let mut guard = ClockGuard::default();
        assert!(check(&mut guard, 1_900_000_000));
        assert!(check(&mut guard, 1_900_000_000 - 300));
        assert!(!check(&mut guard, 1_900_000_000 - 301));
        assert!(check(&mut guard, 1_900_000_001));
    }
}
