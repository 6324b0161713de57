//! Counts out of the output of `cargo test -- --show-output`.

/// What the tests of all suites said.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// How much was tried where, in the words of the suites.
    pub(crate) counts: Vec<String>,
    is_output_of_successes: bool,
}

impl Tally {
    /// Takes in a line and says whether it is worth showing: what passing tests print is not, except for their counts.
    pub(crate) fn read(&mut self, line: &str) -> bool {
        if let Some((passed, failed)) = parse_result(line) {
            self.passed += passed;
            self.failed += failed;
            self.is_output_of_successes = false;
        } else if line == "successes:" {
            self.is_output_of_successes = true;
        } else if line == "failures:" {
            self.is_output_of_successes = false;
        } else if is_count(line) {
            self.counts.push(line.to_owned());
            return true;
        }
        !self.is_output_of_successes
    }
}

/// `corpus: native 935 cases` and the like.
fn is_count(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(suite, _)| COUNTING.contains(&suite))
}

/// What suites that count begin their line with.
const COUNTING: [&str; 15] = [
    "corpus",
    "coverage",
    "differences",
    "fuzz",
    "hostile",
    "import",
    "isolates",
    "neighbours",
    "outage drill",
    "package",
    "playground",
    "threats",
    "trap drill",
    "work",
    "wycheproof",
];

/// `test result: ok. 4 passed; 0 failed; 0 ignored; ..`
fn parse_result(line: &str) -> Option<(usize, usize)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts.split("; ");
    let passed = counts.next()?.strip_suffix(" passed")?.parse().ok()?;
    let failed = counts.next()?.strip_suffix(" failed")?.parse().ok()?;
    Some((passed, failed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_results_of_all_suites() {
        let mut tally = Tally::default();
        assert!(
            tally
                .read("test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out")
        );
        assert!(tally.read("test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured"));
        assert_eq!((tally.passed, tally.failed), (6, 3));
    }

    #[test]
    fn hides_what_passing_tests_print_except_their_counts() {
        let mut tally = Tally::default();
        let shown: Vec<_> = [
            "test a ... ok",
            "successes:",
            "noise",
            "corpus: native 200 cases",
            "trap drill: 4 failure policies",
            "failures:",
            "why",
            "test result: ok. 1 passed; 0 failed; 0 ignored",
            "test b ... ok",
        ]
        .into_iter()
        .filter(|line| tally.read(line))
        .collect();
        assert_eq!(shown.len(), 7);
        assert_eq!(tally.counts, ["corpus: native 200 cases", "trap drill: 4 failure policies"]);
    }
}
