//! The multiples of a point that make a check fast, made row by row: all at once would hold up the request
//! that happens to be the first, and every other on its thread.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;

use once_cell::race::OnceBox;

use super::point::{Affine, Entry};
use crate::windows::{Shape, Step, step, steps};

/// The multiples of a point times 1, 2^BITS, 2^(2*BITS), .., as far as they are made.
#[derive(Debug)]
pub(super) struct Table<S> {
    point: Affine,
    rows: Vec<OnceBox<Row>>,
    shape: PhantomData<S>,
}

/// The multiples 1, 2, .. of one point.
#[derive(Debug)]
struct Row {
    entries: Vec<Entry>,
    /// The point of the next row.
    next: Affine,
}

impl<S: Shape> Table<S> {
    pub(super) fn new(point: Affine) -> Self {
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

    /// The points whose sum is a multiple of this one, if the table is whole.
    pub(super) fn addends(&self, scalar: &[u8; 32]) -> impl Iterator<Item = Affine> {
        let rows = self.rows.iter().map(|row| row.get().map_or(&[][..], |row| &row.entries));
        steps::<S, _>(rows, scalar).map(addend)
    }

    /// A small multiple, by the first row alone.
    pub(super) fn multiple(&self, digit: i16) -> Option<Affine> {
        let row = self.rows.first()?.get_or_init(|| Box::new(Row::new::<S>(&self.point)));
        step(&row.entries, digit).map(addend)
    }
}

impl Row {
    fn new<S: Shape>(point: &Affine) -> Self {
        let (entries, next) = point.multiples(S::ENTRIES);
        Self { entries, next }
    }
}

fn addend(step: Step<'_, Entry>) -> Affine {
    match step {
        Step::Add(entry) => entry.point(),
        Step::Subtract(entry) => entry.point().opposite(),
    }
}
