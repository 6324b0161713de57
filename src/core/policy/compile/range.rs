//! Numbers with a default and limits.

use alloc::format;

use crate::policy::error::PolicyError;
use crate::policy::place::Place;

/// What a numeric field may be.
pub(super) struct Range {
    pub(super) minimum: u64,
    pub(super) maximum: u64,
    pub(super) default: u64,
    pub(super) unit: &'static str,
}

impl Range {
    /// The given value if it is within the limits, the default if there is none.
    pub(super) fn check(&self, value: Option<u64>, place: &Place<'_>) -> Result<u64, PolicyError> {
        let value = value.unwrap_or(self.default);
        if (self.minimum..=self.maximum).contains(&value) {
            return Ok(value);
        }
        let Self { minimum, maximum, unit, .. } = self;
        Err(PolicyError::value(
            place,
            &format!("{value} is not between {minimum} and {maximum} {unit}"),
        ))
    }
}
