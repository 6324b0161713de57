//! A number cut into limbs.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "between 0 and 40 bits are left over at any time"
)]

/// The limbs of so many bits of 32 big-endian bytes, lowest first.
pub(super) fn limbs<const BITS: u32>(bytes: &[u8; 32]) -> [i64; 9] {
    let mut bytes = bytes.iter().rev();
    let (mut rest, mut count) = (0_i64, 0);
    [0; 9].map(|_: i64| {
        while count < BITS {
            rest |= bytes.next().copied().map_or(0, i64::from) << count;
            count += 8;
        }
        let limb = rest & ((1 << BITS) - 1);
        rest >>= BITS;
        count -= BITS;
        limb
    })
}
