//! What came of a run.

use core::fmt;

use super::{ExpandedCase, Observed};

/// Counts and failures.
#[derive(Debug, Default)]
pub struct Report {
    /// Cases run.
    pub cases: usize,
    /// Policies offered.
    pub configurations: usize,
    /// Requests that reached the upstream.
    pub allowed: usize,
    /// Requests that did not.
    pub denied: usize,
    failures: Vec<String>,
}

impl Report {
    /// Every way in which a case went wrong.
    pub fn failures(&self) -> &[String] {
        &self.failures
    }

    pub(super) fn fail(&mut self, case: &ExpandedCase, difference: &str) {
        self.failures.push(format!("{} {}: {difference}", case.threat, case.name));
    }

    pub(super) fn count_case(&mut self) {
        self.cases += 1;
    }

    pub(super) fn count_configuration(&mut self) {
        self.configurations += 1;
    }

    pub(super) fn count_request(&mut self, observed: &Observed) {
        if observed.forwarded.is_some() {
            self.allowed += 1;
        } else {
            self.denied += 1;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{} cases: {} requests allowed, {} denied, {} policies offered, {} differences",
            self.cases,
            self.allowed,
            self.denied,
            self.configurations,
            self.failures.len()
        )?;
        self.failures.iter().try_for_each(|failure| writeln!(formatter, "  {failure}"))
    }
}
