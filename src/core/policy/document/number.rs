//! Whole numbers. A protobuf Struct, which is how Envoy carries the policy, knows only doubles: 300
//! may arrive as `300.0`.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// A whole number from zero to 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number from zero on")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        Ok(Number(number))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "the cast back shows that nothing was lost"
    )]
    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        let whole = number as u64;
        if (0.0..=LARGEST).contains(&number) && (whole as f64).to_bits() == number.to_bits() {
            Ok(Number(whole))
        } else {
            Err(E::invalid_value(Unexpected::Float(number), &self))
        }
    }
}
