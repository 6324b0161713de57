//! How often a feed is fetched.

use super::News;
use crate::time::Timestamp;

/// When to fetch, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeedRules {
    /// Between fetches that succeed.
    pub(crate) refresh_seconds: u64,
    /// Taken off it, different on every edge, so that a fleet does not fetch in step.
    pub(crate) jitter_seconds: u64,
    /// Between fetches that a request asks for.
    pub(crate) cooldown_seconds: u64,
    /// How old the last good value may become.
    pub(crate) maximum_stale_seconds: u64,
    /// How long the issuer may hold back its answer until there is a change; zero is a plain fetch.
    pub(crate) wait_seconds: u64,
}

impl FeedRules {
    /// Up to a tenth of the interval, chosen by `seed`.
    #[must_use]
    pub(crate) fn with_jitter(self, seed: u64) -> Self {
        let tenth = self.refresh_seconds.checked_div(10).unwrap_or_default();
        let jitter_seconds = seed.checked_rem(tenth.saturating_add(1)).unwrap_or_default();
        Self { jitter_seconds, ..self }
    }

    /// The host's time limit for one fetch.
    pub(crate) fn timeout_seconds(&self) -> u64 {
        self.wait_seconds.saturating_add(TIMEOUT_SECONDS)
    }

    /// After this time an answer is taken for lost, so that one lost answer does not end all fetching.
    pub(super) fn lost_seconds(&self) -> u64 {
        self.timeout_seconds().saturating_add(TIMEOUT_SECONDS)
    }

    /// From a good answer to the next fetch. The issuer may ask for less than is planned, within reason.
    pub(super) fn pause_seconds(&self, fresh_seconds: Option<u64>) -> u64 {
        let planned = self.refresh_seconds.saturating_sub(self.jitter_seconds);
        let least = MINIMUM_PAUSE_SECONDS.min(planned);
        fresh_seconds.map_or(planned, |fresh| fresh.clamp(least, planned))
    }

    /// When to ask again after an answer that could have been held back: at once, but not more often than
    /// once a second, and in the plain interval if the issuer answers without waiting and without news.
    pub(super) fn next_wait(&self, began: Timestamp, news: News, now: Timestamp) -> Timestamp {
        let patient = now.seconds_since(began) >= self.wait_seconds.min(PATIENT_SECONDS);
        match news {
            News::Same if !patient => now.saturating_add(self.refresh_seconds),
            News::Same | News::Changed => now.max(began.saturating_add(1)),
        }
    }

    /// 1, 2, 4 ... seconds, at most a minute and never more than the planned interval.
    pub(super) fn retry_seconds(&self, failures: u32) -> u64 {
        let doublings = failures.saturating_sub(1).min(6);
        (1_u64 << doublings).min(MAXIMUM_RETRY_SECONDS).min(self.refresh_seconds)
    }
}

/// How long an issuer may take for an answer that it does not hold back.
const TIMEOUT_SECONDS: u64 = 5;

/// An issuer that says "at once" is asked this often.
const MINIMUM_PAUSE_SECONDS: u64 = 10;

const MAXIMUM_RETRY_SECONDS: u64 = 60;

/// An answer that took this long was held back: time is counted in whole seconds, so one may be none.
const PATIENT_SECONDS: u64 = 2;
