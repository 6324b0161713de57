//! Points of P-256, and their sums by formulas that are short because they fail on equal and opposite points.

use alloc::vec::Vec;

use super::field::{Field, Packed};
use crate::table::Base;

/// A point by its coordinates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine {
    x: Field,
    y: Field,
}

/// A point in a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    x: Packed,
    y: Packed,
}

/// A point as fractions: `x / zz` and `y / zzz`, where `zz^3 = zzz^2`. Zeros below the fractions are no point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    x: Field,
    y: Field,
    zz: Field,
    zzz: Field,
}

impl Affine {
    /// From big-endian coordinates of a point that is on the curve.
    pub(super) fn new(x: &[u8; 32], y: &[u8; 32]) -> Self {
        Self { x: Field::from_bytes(x), y: Field::from_bytes(y) }
    }

    pub(super) fn opposite(&self) -> Self {
        Self { x: self.x, y: self.y.opposite() }
    }

    /// The multiples from 1 to `length`, and behind them twice the last.
    fn sums(&self, length: usize) -> Vec<Sum> {
        let mut sums = Vec::with_capacity(length.saturating_add(1));
        let mut last = Sum::from(self);
        sums.push(last);
        for index in 1..length {
            last = if index == 1 { last.doubled() } else { last.add(self) };
            sums.push(last);
        }
        sums.push(last.doubled());
        sums
    }
}

impl Base for Affine {
    type Entry = Entry;

    fn multiples(&self, length: usize) -> (Vec<Entry>, Self) {
        let mut points = affine(&self.sums(length));
        let twice = points.pop().unwrap_or(*self);
        (points.into_iter().map(Entry::from).collect(), twice)
    }
}

impl From<Affine> for Entry {
    fn from(point: Affine) -> Self {
        Self { x: point.x.packed(), y: point.y.packed() }
    }
}

impl Entry {
    pub(super) fn point(&self) -> Affine {
        Affine { x: self.x.unpacked(), y: self.y.unpacked() }
    }
}

impl From<&Affine> for Sum {
    fn from(point: &Affine) -> Self {
        Self { x: point.x, y: point.y, zz: Field::ONE, zzz: Field::ONE }
    }
}

impl Sum {
    /// The sum with a point that is neither the same nor the opposite. If it is, the outcome is no point, and stays
    /// none whatever is added: one look at the end is enough.
    #[expect(clippy::many_single_char_names, reason = "the letters of the published formula")]
    pub(super) fn add(&self, point: &Affine) -> Self {
        // madd-2008-s of the Explicit-Formulas Database.
        let (p, r) = self.distance(point);
        let pp = p.square();
        let ppp = p.times(&pp);
        let q = self.x.times(&pp);
        let x = r.square().minus(&ppp).minus(&q).minus(&q).carried();
        let y = r.times_less(&q.minus(&x), &self.y, &ppp);
        Self { x, y, zz: self.zz.times(&pp), zzz: self.zzz.times(&ppp) }
    }

    /// The sum with any point, if it is one.
    #[expect(clippy::large_types_passed_by_value, reason = "one sum follows from another")]
    pub(super) fn add_any(sum: Option<Self>, point: &Affine) -> Option<Self> {
        let Some(sum) = sum else { return Some(point.into()) };
        let (p, r) = sum.distance(point);
        if !p.is_zero() {
            return Some(sum.add(point));
        }
        r.is_zero().then(|| sum.doubled())
    }

    /// How far the coordinates are apart.
    fn distance(&self, point: &Affine) -> (Field, Field) {
        (point.x.times(&self.zz).minus(&self.x), point.y.times(&self.zzz).minus(&self.y))
    }

    /// Twice the point; no point is its own opposite, since the order of the curve is odd.
    #[expect(clippy::many_single_char_names, reason = "the letters of the published formula")]
    pub(super) fn doubled(&self) -> Self {
        // dbl-2008-s-1, for a curve whose a is -3.
        let u = self.y.plus(&self.y).carried();
        let v = u.square();
        let w = u.times(&v);
        let s = self.x.times(&v);
        let slope = self.x.minus(&self.zz).times(&self.x.plus(&self.zz).carried());
        let m = slope.plus(&slope).plus(&slope).carried();
        let x = m.square().minus(&s).minus(&s).carried();
        let y = m.times_less(&s.minus(&x), &w, &self.y);
        Self { x, y, zz: v.times(&self.zz), zzz: w.times(&self.zzz) }
    }

    pub(super) fn is_point(&self) -> bool {
        !self.zz.is_zero()
    }

    /// Whether the first coordinate is this number, without a division.
    pub(super) fn has_x(&self, x: &Field) -> bool {
        x.times(&self.zz).minus(&self.x).is_zero()
    }
}

/// The coordinates of points, with one division for all of them (Montgomery's trick).
fn affine(sums: &[Sum]) -> Vec<Affine> {
    let mut product = Field::ONE;
    let mut before = Vec::with_capacity(sums.len());
    for sum in sums {
        before.push(product);
        product = product.times(&sum.zzz);
    }
    let mut inverse = product.invert();
    let mut points: Vec<Affine> = sums
        .iter()
        .zip(before)
        .rev()
        .map(|(sum, before)| {
            let below_y = inverse.times(&before);
            inverse = inverse.times(&sum.zzz);
            let below_x = sum.zz.times(&below_y).square();
            Affine { x: sum.x.times(&below_x), y: sum.y.times(&below_y) }
        })
        .collect();
    points.reverse();
    points
}
