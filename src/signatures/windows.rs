//! Multiples of one fixed point, and how a scalar is put together from them: signed digits, one row of
//! precomputed multiples for each, and nothing left to do but one addition per digit.
//!
//! Which row entry is read depends on the scalar. That would leak a secret one; these are all public.

/// The shape of a table: a scalar is read as `ROWS` digits of `BITS` bits each.
pub(super) trait Shape {
    /// Width of a digit.
    const BITS: usize;
    /// Digits of a scalar, and rows of the table.
    const ROWS: usize;
    /// Entries of a row: the multiples from 1 to the largest digit. Negative digits subtract.
    const ENTRIES: usize = 1 << (Self::BITS - 1);
}

/// What one digit asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a, P> {
    Add(&'a P),
    Subtract(&'a P),
}

/// The steps that make a multiple out of the rows of a table, for a scalar in little-endian order.
pub(super) fn steps<'a, S: Shape, P: 'a>(
    rows: impl Iterator<Item = &'a [P]>,
    scalar: &[u8; 32],
) -> impl Iterator<Item = Step<'a, P>> {
    digits::<S>(scalar).zip(rows).filter_map(|(digit, row)| step(row, digit))
}

/// The step for a digit; none for 0.
pub(super) fn step<P>(row: &[P], digit: i16) -> Option<Step<'_, P>> {
    let entry = row.get(usize::from(digit.unsigned_abs()).checked_sub(1)?)?;
    Some(if digit > 0 { Step::Add(entry) } else { Step::Subtract(entry) })
}

/// The digits from the lowest to the highest, each from `-2^(BITS-1)` to `2^(BITS-1)`. The highest is
/// never so large that it would carry: `ROWS` leaves it room.
pub(super) fn digits<S: Shape>(scalar: &[u8; 32]) -> impl Iterator<Item = i16> {
    let mut carry = 0;
    (0..S::ROWS).map(move |row| {
        let digit = bits(scalar, row.wrapping_mul(S::BITS), S::BITS).wrapping_add(carry);
        let half = 1 << S::BITS.wrapping_sub(1);
        carry = i16::from(digit > half);
        digit.wrapping_sub(carry << S::BITS)
    })
}

/// `width` bits from `position` on, at most 9; bits behind the end are 0.
fn bits(scalar: &[u8; 32], position: usize, width: usize) -> i16 {
    let byte = |index: usize| scalar.get(index).copied().map_or(0, i32::from);
    let index = position >> 3;
    let window = byte(index) | byte(index.wrapping_add(1)) << 8;
    let mask = (1_i32 << width).wrapping_sub(1);
    i16::try_from((window >> (position & 7)) & mask).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Five;
    impl Shape for Five {
        const BITS: usize = 5;
        const ROWS: usize = 52;
    }

    struct Seven;
    impl Shape for Seven {
        const BITS: usize = 7;
        const ROWS: usize = 37;
    }

    /// The value of the digits modulo 2^61 - 1, where 256-bit numbers can be compared.
    fn value<S: Shape>(scalar: &[u8; 32]) -> i128 {
        let digits: std::vec::Vec<i16> = digits::<S>(scalar).collect();
        digits
            .iter()
            .rev()
            .fold(0, |sum, digit| ((sum << S::BITS) + i128::from(*digit)).rem_euclid(PRIME))
    }

    const PRIME: i128 = (1 << 61) - 1;

    #[test]
    fn the_digits_of_a_scalar_add_up_to_it() {
        let mut scalars = vec![[0; 32], [0xff; 32], [0x55; 32], [0x80; 32], [1; 32]];
        scalars.extend((0..200_u8).map(|seed| {
            let mut byte = seed;
            [0; 32].map(|_: u8| {
                byte = byte.wrapping_mul(197).wrapping_add(91);
                byte
            })
        }));
        for scalar in scalars {
            let plain = scalar
                .iter()
                .rev()
                .fold(0, |sum, byte| ((sum << 8) + i128::from(*byte)).rem_euclid(PRIME));
            assert_eq!(value::<Five>(&scalar), plain, "{scalar:?}");
            assert_eq!(value::<Seven>(&scalar), plain, "{scalar:?}");
        }
    }

    #[test]
    fn every_digit_has_its_entry() {
        for scalar in [[0xff; 32], [0x0f; 32], [0xf0; 32]] {
            for digit in digits::<Five>(&scalar) {
                assert!(usize::from(digit.unsigned_abs()) <= Five::ENTRIES);
            }
            for digit in digits::<Seven>(&scalar) {
                assert!(usize::from(digit.unsigned_abs()) <= Seven::ENTRIES);
            }
        }
    }
}
