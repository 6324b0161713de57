//! Points in time. Core has no clock: hosts pass `now`, always as the last argument.

/// A point in time: whole seconds since 1970-01-01T00:00:00Z, leap seconds ignored (RFC 7519 s2,
/// `NumericDate`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The last second that a `NumericDate` may name: 9999-12-31T23:59:59Z.
    pub const MAXIMUM: Self = Self(253_402_300_799);

    /// Behind every time that is.
    pub(crate) const NEVER: Self = Self(u64::MAX);

    /// From seconds since the Unix epoch.
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the Unix epoch.
    pub const fn as_unix_seconds(self) -> u64 {
        self.0
    }

    /// This time plus `seconds`, or the end of time.
    #[must_use]
    pub const fn saturating_add(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this time; zero if `earlier` is later.
    pub const fn seconds_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
