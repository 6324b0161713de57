//! How sure a median is.

use super::statistics::{median, percentile};

/// A median, and how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) median: f64,
    /// In nineteen of twenty cases, as far as the rounds are like each other: half the notch of a box plot.
    pub(crate) doubt: f64,
}

/// `None` of nothing.
pub(crate) fn estimate(values: &[f64]) -> Option<Estimate> {
    let count = f64::from(u32::try_from(values.len()).ok()?);
    let apart = percentile(values, 75)? - percentile(values, 25)?;
    Some(Estimate { median: median(values)?, doubt: 1.57 * apart / count.sqrt() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_shrinks_with_the_number_of_values() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let expected = Estimate { median: 50.5, doubt: 1.57 * 50.0 / 10.0 };
        assert_eq!(estimate(&values), Some(expected));
        assert_eq!(estimate(&[]), None);
    }
}
