//! Medians, over the rounds of a run.

use std::collections::BTreeMap;

/// What was measured, by row: one figure for each round.
pub(crate) type Figures = BTreeMap<&'static str, Vec<f64>>;

/// The middle value; `None` of nothing.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get(sorted.len().saturating_sub(1) / 2)?;
    Some(lower.midpoint(*upper))
}

/// The value below which so many hundredths of all lie.
pub(crate) fn percentile(values: &[f64], hundredths: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * hundredths).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// The median over the rounds of what a row costs in proportion to another in the same round: what a busy machine
/// does to one of them it does to the other.
pub(crate) fn ratio(figures: &Figures, row: &str, peer: &str) -> Option<f64> {
    let pairs = figures.get(row)?.iter().zip(figures.get(peer)?);
    median(&pairs.map(|(row, peer)| row / peer).collect::<Vec<_>>())
}

/// The same for what each adds to the cost of a third.
pub(crate) fn added_ratio(figures: &Figures, row: &str, peer: &str, base: &str) -> Option<f64> {
    median(&added_ratios(figures, row, peer, base)?)
}

/// That of each round.
pub(crate) fn added_ratios(
    figures: &Figures,
    row: &str,
    peer: &str,
    base: &str,
) -> Option<Vec<f64>> {
    let pairs = figures.get(row)?.iter().zip(figures.get(peer)?).zip(figures.get(base)?);
    Some(pairs.map(|((row, peer), base)| (row - base) / (peer - base)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn the_99th_percentile_of_a_hundred_leaves_out_the_worst() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&values, 99), Some(99.0));
        assert_eq!(percentile(&[7.0], 99), Some(7.0));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn ratios_pair_the_rounds() {
        let figures = Figures::from([
            ("base", vec![10.0, 100.0]),
            ("ours", vec![15.0, 150.0]),
            ("peer", vec![20.0, 200.0]),
        ]);
        assert_eq!(ratio(&figures, "ours", "peer"), Some(0.75));
        assert_eq!(added_ratio(&figures, "ours", "peer", "base"), Some(0.5));
        assert_eq!(ratio(&figures, "ours", "nobody"), None);
    }
}
