//! `NumericDate` (RFC 7519 s2): seconds since the epoch, fractions allowed. Outside of the years 1970
//! to 9999 a date is refused before anything is calculated with it.

use crate::json::Value;
use crate::time::Timestamp;

/// Which whole second stands for a fraction: the one that makes the token valid for less time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    Down,
    Up,
}

/// Why a value is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateError {
    OutOfRange,
    NotANumber,
}

/// The moment in a claim such as `iat`, rounded up; none if it is no date.
pub(crate) fn read(value: &Value<'_>) -> Option<Timestamp> {
    parse(value, Rounding::Up).ok()
}

/// The date in a claim.
pub(super) fn parse(value: &Value<'_>, rounding: Rounding) -> Result<Timestamp, DateError> {
    let seconds = match value {
        Value::Whole(seconds) => *seconds,
        Value::Number(number) => whole_seconds(*number, rounding)?,
        _ => return Err(DateError::NotANumber),
    };
    let date = Timestamp::from_unix_seconds(seconds);
    if date > Timestamp::MAXIMUM { Err(DateError::OutOfRange) } else { Ok(date) }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the range is checked first, and every whole number in it is exact in an f64"
)]
fn whole_seconds(number: f64, rounding: Rounding) -> Result<u64, DateError> {
    const LATEST: f64 = Timestamp::MAXIMUM.as_unix_seconds() as f64;
    if !(0.0..=LATEST).contains(&number) {
        return Err(DateError::OutOfRange);
    }
    let floor = number as u64;
    let has_fraction = number > floor as f64;
    Ok(match rounding {
        Rounding::Up if has_fraction => floor.saturating_add(1),
        Rounding::Up | Rounding::Down => floor,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &Value<'_>, rounding: Rounding, expected: Result<u64, DateError>) {
        let seconds = parse(value, rounding).map(Timestamp::as_unix_seconds);
        assert_eq!(seconds, expected, "{value:?}");
    }

    #[test]
    fn rounds_fractions_to_the_safe_side() {
        check(&Value::Number(1.5), Rounding::Down, Ok(1));
        check(&Value::Number(1.5), Rounding::Up, Ok(2));
        check(&Value::Number(2.0), Rounding::Up, Ok(2));
        check(&Value::Number(1e10), Rounding::Down, Ok(10_000_000_000));
        check(&Value::Number(0.0), Rounding::Up, Ok(0));
    }

    #[test]
    fn refuses_dates_before_1970_and_after_9999() {
        check(&Value::Whole(253_402_300_799), Rounding::Up, Ok(253_402_300_799));
        check(&Value::Whole(253_402_300_800), Rounding::Up, Err(DateError::OutOfRange));
        check(&Value::Whole(u64::MAX), Rounding::Down, Err(DateError::OutOfRange));
        for number in [-1.0, -0.5, -8_334_601_228_800.0, 253_402_300_799.5, 1e300, f64::NAN] {
            check(&Value::Number(number), Rounding::Down, Err(DateError::OutOfRange));
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        check(&Value::Text("1".into()), Rounding::Down, Err(DateError::NotANumber));
        check(&Value::Null, Rounding::Down, Err(DateError::NotANumber));
    }
}
