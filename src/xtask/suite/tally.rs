//! Counts out of the output of `cargo test -- --show-output`.

/// What the tests of all suites said.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// How many cases of the corpus ran where, in the words of its runners.
    pub(crate) corpus: Vec<String>,
    is_output_of_successes: bool,
}

impl Tally {
    /// Takes in a line and says whether it is worth showing: what passing tests print is not, except for the counts
    /// of the corpus.
    pub(crate) fn read(&mut self, line: &str) -> bool {
        if let Some((passed, failed)) = parse_result(line) {
            self.passed += passed;
            self.failed += failed;
            self.is_output_of_successes = false;
        } else if line == "successes:" {
            self.is_output_of_successes = true;
        } else if line == "failures:" {
            self.is_output_of_successes = false;
        } else if line.starts_with("corpus: ") {
            self.corpus.push(line.to_owned());
            return true;
        }
        !self.is_output_of_successes
    }
}

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
    fn hides_what_passing_tests_print_except_the_corpus_counts() {
        let mut tally = Tally::default();
        let shown: Vec<_> = [
            "test a ... ok",
            "successes:",
            "noise",
            "corpus: native 200 cases",
            "failures:",
            "why",
            "test result: ok. 1 passed; 0 failed; 0 ignored",
            "test b ... ok",
        ]
        .into_iter()
        .filter(|line| tally.read(line))
        .collect();
        assert_eq!(shown.len(), 6);
        assert_eq!(tally.corpus, ["corpus: native 200 cases"]);
    }
}
