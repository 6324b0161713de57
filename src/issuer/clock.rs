//! The wall clock, and the promise that no token is dated more than a few seconds before another
//! one that was issued earlier.

use core::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds that the clock may step back without an alarm, as time synchronisation does.
const TOLERATED_STEP_SECONDS: u64 = 5;

/// Seconds since the Unix epoch; 0 when the host clock is before it, which every caller refuses.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}

/// Milliseconds since the Unix epoch, for log lines.
pub(crate) fn now_milliseconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

/// The highest time seen so far. A clock set back would sign tokens whose `exp` edges that kept
/// the right time call expired, and would revive secrets that have expired.
#[derive(Debug, Default)]
pub(crate) struct HighWater(AtomicU64);

impl HighWater {
    /// Raises the mark to a time that is known to have passed, such as the last change on disk.
    pub(crate) fn raise(&self, seen: u64) {
        self.0.fetch_max(seen, Ordering::Relaxed);
    }

    /// Whether `now` may be used to issue a token.
    pub(crate) fn admits(&self, now: u64) -> bool {
        let before = self.0.fetch_max(now, Ordering::Relaxed);
        now != 0 && now.saturating_add(TOLERATED_STEP_SECONDS) >= before
    }
}

/// RFC 3339 text in UTC with milliseconds, such as `2026-11-23T15:05:23.120Z`.
pub fn rfc3339(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (year, month, day) = civil_date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let fraction = milliseconds % 1000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
}

/// Days since 1970-01-01 to year, month and day, by counting from 0000-03-01 in eras of 400 years.
fn civil_date(days: u64) -> (u64, u64, u64) {
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dates_across_leap_days_and_centuries() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(rfc3339(1_795_446_323_120), "2026-11-23T15:05:23.120Z");
        assert_eq!(rfc3339(4_107_542_399_999), "2100-02-28T23:59:59.999Z");
        assert_eq!(rfc3339(4_107_542_400_000), "2100-03-01T00:00:00.000Z");
    }

    #[test]
    fn refuses_a_clock_that_was_set_back() {
        let mark = HighWater::default();
        assert!(mark.admits(1_000));
        assert!(mark.admits(996), "time synchronisation may step a little");
        assert!(!mark.admits(900));
    }

    #[test]
    fn refuses_a_clock_before_the_epoch() {
        assert!(!HighWater::default().admits(0));
    }

    #[test]
    fn refuses_a_clock_behind_the_last_change_on_disk() {
        let mark = HighWater::default();
        mark.raise(10_000);
        assert!(!mark.admits(9_000));
        assert!(mark.admits(10_001));
    }
}
