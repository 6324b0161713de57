//! The two tables that a check needs: of the base point, which all keys of a curve share, and of the key.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::table::{Base, Table};
use crate::windows::{Shape, Step, digits};

/// The table of a key beside that of the base point, and whether it is worth making.
#[derive(Debug)]
pub(super) struct Pair<P: Base + 'static, B: 'static, K> {
    base: &'static Table<P, B>,
    key: Table<P, K>,
    has_signed: AtomicBool,
}

impl<P: Base, B: Shape, K: Shape> Pair<P, B, K> {
    pub(super) fn new(base: &'static Table<P, B>, key: P) -> Self {
        Self { base, key: Table::new(key), has_signed: AtomicBool::new(false) }
    }

    /// Whether both tables are whole.
    pub(super) fn is_whole(&self) -> bool {
        self.base.is_whole() && self.key.is_whole()
    }

    /// Makes one row, after a signature that was valid. Forgeries get no further than to a first row, nor does
    /// a key that signs once, as that of a proof.
    pub(super) fn grow(&self) {
        if !self.has_signed.swap(true, Ordering::Relaxed) {
            return;
        }
        if !self.base.is_whole() {
            self.base.grow();
        } else if !self.key.is_whole() {
            self.key.grow();
        }
    }

    /// The steps whose sum is a multiple of the base point and one of the key, if both tables are whole.
    pub(super) fn steps(
        &self,
        of_base: &[u8; 32],
        of_key: &[u8; 32],
    ) -> impl Iterator<Item = Step<'_, P::Entry>> {
        self.base.steps(of_base).chain(self.key.steps(of_key))
    }

    /// The same sum from the first rows alone: doubled from each bit to the next.
    pub(super) fn sum_by_doubling<'a, T>(
        &'a self,
        of_base: &[u8; 32],
        of_key: &[u8; 32],
        start: T,
        double: impl Fn(T) -> T,
        mut take: impl FnMut(T, Step<'a, P::Entry>) -> T,
    ) -> T {
        let of_base: Vec<i16> = digits::<B>(of_base).collect();
        let of_key: Vec<i16> = digits::<K>(of_key).collect();
        (0..BITS).rev().fold(start, |sum, bit| {
            let base = digit::<B>(&of_base, bit).and_then(|digit| self.base.step(digit));
            let key = digit::<K>(&of_key, bit).and_then(|digit| self.key.step(digit));
            base.into_iter().chain(key).fold(double(sum), &mut take)
        })
    }
}

/// The digit that begins at a bit.
fn digit<S: Shape>(digits: &[i16], bit: usize) -> Option<i16> {
    let position = bit.checked_div(S::BITS)?;
    if bit.is_multiple_of(S::BITS) { digits.get(position).copied() } else { None }
}

/// Of a scalar; no digit begins behind them.
const BITS: usize = 256;
