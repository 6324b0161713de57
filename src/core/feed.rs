//! How an edge stays up to date without waiting: the state of one fetched document, as a machine that
//! a host drives. It has no clock and no socket; it says when to fetch and judges what came.
//!
//! The last good value is never given up before its time: an issuer that fails must not take the
//! edge down, and an issuer that is gone for too long must not be believed for ever.

use crate::time::Timestamp;

mod document;
mod remote;
mod rules;

use self::document::Document;
pub(crate) use self::remote::Remote;
pub(crate) use self::rules::FeedRules;

/// The state of one feed.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    rules: FeedRules,
    /// When the issuer last vouched for the value.
    received: Option<Timestamp>,
    /// When the next fetch is due.
    due: Timestamp,
    /// Until when the issuer asked not to be asked.
    not_before: Timestamp,
    /// When the fetch that is under way began.
    under_way: Option<Timestamp>,
    /// Whether another engine makes that fetch.
    is_elsewhere: bool,
    /// When a fetch last began.
    last_attempt: Option<Timestamp>,
    failures: u32,
    /// The second in which an answer last brought news, and how many did.
    news_in: Timestamp,
    news: u32,
}

/// Whether an answer brought anything new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Changed,
    Same,
}

/// How far a feed's value may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing came yet.
    Empty,
    /// Too old to be used.
    Expired,
    /// Up to date.
    Fresh,
    /// Older than planned, still used.
    Stale,
}

impl Feed {
    pub(crate) fn new(rules: FeedRules) -> Self {
        Self {
            rules,
            received: None,
            due: Timestamp::default(),
            not_before: Timestamp::default(),
            under_way: None,
            is_elsewhere: false,
            last_attempt: None,
            failures: 0,
            news_in: Timestamp::default(),
            news: 0,
        }
    }

    /// Whether to fetch now. A `true` counts as a fetch under way until [`Self::succeeded`] or
    /// [`Self::failed`], or until it is so old that the answer must have been lost.
    pub(crate) fn start_fetch(&mut self, now: Timestamp) -> bool {
        self.forget_the_future(now);
        let is_here = self.is_under_way(now) && !self.is_elsewhere;
        if is_here || now < self.due {
            return false;
        }
        self.under_way = Some(now);
        self.is_elsewhere = false;
        self.last_attempt = Some(now);
        true
    }

    /// Asks for a fetch before its time, because a request needs what we do not have. Answers whether
    /// waiting for a fetch can help: at most one in each cool-down, whatever is asked.
    pub(crate) fn ask(&mut self, now: Timestamp) -> bool {
        self.forget_the_future(now);
        let is_soon = self.due <= now.saturating_add(SOON_SECONDS);
        let has_nothing = matches!(self.freshness(now), Freshness::Empty | Freshness::Expired);
        if self.is_under_way(now) || (has_nothing && is_soon) {
            return true;
        }
        if now < self.not_before {
            return false;
        }
        let last = self.last_attempt.unwrap_or_default();
        if now < last.saturating_add(self.rules.cooldown_seconds) {
            return false;
        }
        self.due = self.due.min(now);
        true
    }

    /// Notes a good answer. `fresh_seconds` is how long the issuer wants it to be used unasked.
    pub(crate) fn succeeded(&mut self, news: News, fresh_seconds: Option<u64>, now: Timestamp) {
        let began = self.under_way.take();
        self.is_elsewhere = false;
        self.failures = 0;
        self.not_before = Timestamp::default();
        self.received = Some(now);
        self.due = match began {
            Some(_) if self.rules.wait_seconds > 0 && self.has_few_news(news, now) => now,
            Some(began) if self.rules.wait_seconds > 0 => self.rules.next_wait(began, news, now),
            _ => now.saturating_add(self.rules.pause_seconds(fresh_seconds)),
        };
    }

    /// Whether to ask on at once: access is often taken away several times in a row, and the last time must
    /// not wait for a second to be over. An issuer whose answers never end is asked once a second.
    fn has_few_news(&mut self, news: News, now: Timestamp) -> bool {
        if news == News::Same {
            return false;
        }
        self.news = if self.news_in == now { self.news.saturating_add(1) } else { 1 };
        self.news_in = now;
        self.news <= MAXIMUM_NEWS
    }

    /// Notes an answer that is of no use, or none; also one to a fetch of another engine. The issuer may say
    /// when to come again.
    pub(crate) fn failed(&mut self, retry_after_seconds: Option<u64>, now: Timestamp) {
        let is_own = self.under_way.is_some() && !self.is_elsewhere;
        if !is_own {
            self.last_attempt = Some(now);
        }
        self.under_way = None;
        self.is_elsewhere = false;
        self.failures = self.failures.saturating_add(1);
        let retry = self.rules.retry_seconds(self.failures);
        let asked =
            retry_after_seconds.map(|seconds| seconds.clamp(1, MAXIMUM_RETRY_AFTER_SECONDS));
        self.due = now.saturating_add(asked.unwrap_or(retry));
        self.not_before = asked.map_or(Timestamp::default(), |_| self.due);
    }

    /// Notes that another engine fetched what is in force here now, too. Its attempt counts for the
    /// cool-down like one of our own.
    pub(crate) fn adopted(&mut self, received: Timestamp, now: Timestamp) {
        let received = received.min(now);
        if self.received == Some(received) && !self.is_elsewhere {
            return; // Nothing new: a failure since then still counts.
        }
        self.under_way = self.under_way.filter(|_| !self.is_elsewhere);
        self.is_elsewhere = false;
        self.failures = 0;
        self.received = Some(received);
        self.last_attempt = self.last_attempt.max(Some(received));
        self.due = match self.rules.wait_seconds {
            0 => received.saturating_add(self.rules.pause_seconds(None)).max(now),
            _ => now.saturating_add(1),
        };
    }

    /// Leaves the fetch that began to another engine, and looks again in a second. Until then a request
    /// may wait for that fetch as for one of our own.
    pub(crate) fn yielded(&mut self, now: Timestamp) {
        self.is_elsewhere = true;
        self.due = now.saturating_add(1);
    }

    pub(crate) fn timeout_seconds(&self) -> u64 {
        self.rules.timeout_seconds()
    }

    pub(crate) fn received(&self) -> Option<Timestamp> {
        self.received
    }

    pub(crate) fn freshness(&self, now: Timestamp) -> Freshness {
        let Some(age) = self.age_seconds(now) else {
            return Freshness::Empty;
        };
        let planned = self.rules.refresh_seconds.saturating_add(self.rules.lost_seconds());
        if self.usable_until().is_some_and(|end| now >= end) {
            Freshness::Expired
        } else if age > planned {
            Freshness::Stale
        } else {
            Freshness::Fresh
        }
    }

    /// The first second in which the value may not be used any more, if nothing comes until then; none if there is no
    /// value.
    pub(crate) fn usable_until(&self) -> Option<Timestamp> {
        let oldest = self.rules.maximum_stale_seconds.saturating_add(1);
        self.received.map(|received| received.saturating_add(oldest))
    }

    pub(crate) fn age_seconds(&self, now: Timestamp) -> Option<u64> {
        self.received.map(|received| now.seconds_since(received))
    }

    /// After the host's clock went wrong and was set right, times noted in between lie in the future. Left
    /// alone, they would stop all fetching until then, and old keys would look fresh.
    fn forget_the_future(&mut self, now: Timestamp) {
        self.received = self.received.map(|time| time.min(now));
        self.under_way = self.under_way.map(|time| time.min(now));
        self.last_attempt = self.last_attempt.map(|time| time.min(now));
        self.not_before = self.not_before.min(now.saturating_add(MAXIMUM_RETRY_AFTER_SECONDS));
        let latest = now.saturating_add(self.rules.refresh_seconds).max(self.not_before);
        self.due = self.due.min(latest);
    }

    fn is_under_way(&self, now: Timestamp) -> bool {
        self.under_way.is_some_and(|began| now.seconds_since(began) < self.rules.lost_seconds())
    }
}

/// As long as a request may wait.
const SOON_SECONDS: u64 = 2;

/// Answers with news that are followed at once, in one second.
const MAXIMUM_NEWS: u32 = 4;

/// An issuer cannot put off an edge for longer.
const MAXIMUM_RETRY_AFTER_SECONDS: u64 = 300;

#[cfg(test)]
mod tests;
