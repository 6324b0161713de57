//! Which sentence of which RFC decides a difference.

use serde::Deserialize;

use super::comparison::Row;
use crate::corpus::CorpusError;

/// The table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    /// The first that fits a difference explains it.
    pub(super) differences: Vec<Rule>,
    /// For requests that both refuse, each in its way.
    pub(super) statuses: Vec<StatusRule>,
}

/// One kind of difference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) side: Side,
    /// Our reason is one of these, if any are named.
    #[serde(default)]
    reasons: Vec<String>,
    /// The line of the threat list is one of these, if any are named.
    #[serde(default)]
    families: Vec<String>,
    /// The words of the request contain one of these, if any are named.
    #[serde(default)]
    words: Vec<String>,
    pub(super) title: String,
    pub(super) source: String,
    pub(super) quote: String,
    #[serde(default)]
    pub(super) note: String,
}

/// What our side is, compared with Envoy's own.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Side {
    Lenient,
    Stricter,
}

/// Why another status.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusRule {
    pub(super) peer: u16,
    pub(super) ours: u16,
    pub(super) source: String,
    pub(super) quote: String,
}

impl Rules {
    /// Reads the table that is compiled in.
    pub(super) fn load() -> Result<Self, CorpusError> {
        serde_json::from_str(include_str!("rules.json")).map_err(CorpusError::new)
    }

    /// The rows that each rule explains, in the order of the rules. A difference that no rule explains is an error,
    /// above all a request that only we let through; so is a rule that explains nothing.
    pub(super) fn explain<'a>(
        &'a self,
        rows: &'a [Row],
    ) -> Result<Vec<(&'a Rule, Vec<&'a Row>)>, CorpusError> {
        let mut explained: Vec<(&Rule, Vec<&Row>)> =
            self.differences.iter().map(|rule| (rule, Vec::new())).collect();
        for row in rows.iter().filter(|row| row.differs()) {
            match explained.iter_mut().find(|(rule, _)| rule.fits(row)) {
                Some((_, fitting)) => fitting.push(row),
                None => return Err(CorpusError::new(format!("no rule explains {row:?}"))),
            }
        }
        match explained.iter().find(|(_, fitting)| fitting.is_empty()) {
            None => Ok(explained),
            Some((rule, _)) => Err(CorpusError::new(format!("nothing is {}", rule.title))),
        }
    }

    /// The rule for two statuses of refusals.
    pub(super) fn status(&self, peer: u16, ours: u16) -> Result<&StatusRule, CorpusError> {
        let found = self.statuses.iter().find(|rule| (rule.peer, rule.ours) == (peer, ours));
        found.ok_or_else(|| CorpusError::new(format!("no rule for {peer} there and {ours} here")))
    }
}

impl Rule {
    fn fits(&self, row: &Row) -> bool {
        let side = if row.ours.is_accepted { Side::Lenient } else { Side::Stricter };
        self.side == side
            && is_any(&self.reasons, |reason| row.ours.reason == *reason)
            && is_any(&self.families, |family| row.family == *family)
            && is_any(&self.words, |words| row.words.contains(words.as_str()))
    }
}

fn is_any(list: &[String], fits: impl Fn(&String) -> bool) -> bool {
    list.is_empty() || list.iter().any(fits)
}
