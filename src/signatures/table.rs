//! The multiples of a point that make a check fast, made row by row: all at once would hold up the request
//! that happens to be the first, and every other on its thread.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;

use once_cell::race::OnceBox;

use crate::windows::{Shape, Step, step, steps};

/// A point of which multiples are kept.
pub(super) trait Base: Sized {
    /// A multiple as a table has it.
    type Entry;

    /// The multiples from 1 to `length`, and twice the last.
    fn multiples(&self, length: usize) -> (Vec<Self::Entry>, Self);
}

/// The multiples of a point times 1, 2^BITS, 2^(2*BITS), .., as far as they are made.
#[derive(Debug)]
pub(super) struct Table<P: Base, S> {
    point: P,
    rows: Vec<OnceBox<Row<P>>>,
    shape: PhantomData<S>,
}

/// The multiples 1, 2, .. of one point.
#[derive(Debug)]
struct Row<P: Base> {
    entries: Vec<P::Entry>,
    /// The point of the next row.
    next: P,
}

impl<P: Base, S: Shape> Table<P, S> {
    pub(super) fn new(point: P) -> Self {
        let rows = (0..S::ROWS).map(|_| OnceBox::new()).collect();
        Self { point, rows, shape: PhantomData }
    }

    /// Whether all rows are made.
    pub(super) fn is_whole(&self) -> bool {
        self.rows.last().is_some_and(|row| row.get().is_some())
    }

    /// Makes the next row.
    pub(super) fn grow(&self) {
        let mut point = &self.point;
        for place in &self.rows {
            let Some(row) = place.get() else {
                place.get_or_init(|| Box::new(Row::new::<S>(point)));
                return;
            };
            point = &row.next;
        }
    }

    /// The steps whose sum is a multiple of this point, if the table is whole.
    pub(super) fn steps(&self, scalar: &[u8; 32]) -> impl Iterator<Item = Step<'_, P::Entry>> {
        let rows = self.rows.iter().map(|row| row.get().map_or(&[][..], |row| &row.entries));
        steps::<S, _>(rows, scalar)
    }

    /// The step to a small multiple, by the first row alone.
    pub(super) fn step(&self, digit: i16) -> Option<Step<'_, P::Entry>> {
        let row = self.rows.first()?.get_or_init(|| Box::new(Row::new::<S>(&self.point)));
        step(&row.entries, digit)
    }
}

impl<P: Base> Row<P> {
    fn new<S: Shape>(point: &P) -> Self {
        let (entries, next) = point.multiples(S::ENTRIES);
        Self { entries, next }
    }
}
