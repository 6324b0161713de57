//! The tokens of the JOSE files: how far each came, and whether that is as far as it should.

use std::collections::BTreeMap;
use std::fmt;

use super::edge::{Edge, NativeEdge};
use super::exceptions::{Exceptions, NOT_FOR_AN_EDGE, WITHOUT_PAYLOAD, WRONG_LABELS};
use super::jose::File;
use super::policies::Planned;
use super::vectors::Label;

/// How far one token came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) file: File,
    pub(crate) id: usize,
    /// Why it was refused in the end.
    pub(crate) reason: String,
    /// Whether its signature was found valid, so that its claims were looked at.
    pub(crate) is_accepted: bool,
}

/// Sends every token natively.
pub(crate) fn ask_natively(plan: &[Planned]) -> Vec<Verdict> {
    let mut edge = NativeEdge::default();
    let mut verdicts = Vec::new();
    for planned in plan {
        edge.begin(&planned.policy);
        for token in &planned.group.tokens {
            let reason = edge.ask(&token.text());
            let is_accepted = edge.is_signed;
            verdicts.push(Verdict { file: planned.file, id: token.id, reason, is_accepted });
        }
    }
    verdicts
}

/// Sends every token to another edge. Its reasons must be those of the native one, token by token.
pub(crate) fn ask_again(
    plan: &[Planned],
    natively: &[Verdict],
    edge: &mut impl Edge,
) -> Vec<Verdict> {
    let mut expected = natively.iter();
    let mut verdicts = Vec::new();
    for planned in plan {
        edge.begin(&planned.policy);
        for token in &planned.group.tokens {
            let expected = expected.next().unwrap();
            let verdict = Verdict { reason: edge.ask(&token.text()), ..expected.clone() };
            assert_eq!(verdict, *expected);
            verdicts.push(verdict);
        }
    }
    assert_eq!(verdicts.len(), natively.len());
    verdicts
}

/// What the verdicts on one file come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Valid, and accepted.
    pub(crate) accepted: usize,
    /// Invalid, and refused.
    pub(crate) refused: usize,
    /// Valid, and refused by name: shared secrets and encryption.
    pub(crate) not_for_an_edge: usize,
    /// Valid, and refused by name: no payload.
    pub(crate) without_payload: usize,
    /// The label is wrong.
    pub(crate) wrong_labels: usize,
}

/// Compares the verdicts on one file with its labels.
pub(crate) fn judge(plan: &[Planned], verdicts: &[Verdict], file: File) -> Tally {
    let mut tally = Tally::default();
    let tables = [WRONG_LABELS, NOT_FOR_AN_EDGE, WITHOUT_PAYLOAD];
    let [mut wrong_labels, mut not_for_an_edge, mut without_payload] = tables.map(Exceptions::new);
    for (label, is_encrypted, verdict) in labelled(plan, verdicts) {
        if verdict.file != file {
            continue;
        }
        let (set, id) = (file.name(), verdict.id);
        let place = format!("{set} {id}, labelled {label:?}: {}", verdict.reason);
        if wrong_labels.meet(set, id) {
            assert!(!verdict.is_accepted, "{place}");
            tally.wrong_labels += 1;
        } else if label == Label::Invalid {
            assert!(!verdict.is_accepted, "{place}");
            tally.refused += 1;
        } else if is_encrypted || not_for_an_edge.meet(set, id) {
            assert!(!verdict.is_accepted, "{place}");
            tally.not_for_an_edge += 1;
        } else if without_payload.meet(set, id) {
            assert_eq!(verdict.reason, "jws.structure", "{place}");
            tally.without_payload += 1;
        } else {
            assert!(verdict.is_accepted, "{place}");
            // The vectors' payloads are no JSON, which only the claims' own stage can notice.
            assert_eq!(verdict.reason, "jws.json", "{place}");
            tally.accepted += 1;
        }
    }
    for exceptions in [wrong_labels, not_for_an_edge, without_payload] {
        exceptions.check(file.name());
    }
    tally
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} accepted, {} without payload, {} not for an edge; {} refused; {} wrong labels",
            self.accepted,
            self.without_payload,
            self.not_for_an_edge,
            self.refused,
            self.wrong_labels,
        )
    }
}

/// How many tokens were refused for which reason.
pub(crate) fn histogram(verdicts: &[Verdict]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for verdict in verdicts {
        let reason = if verdict.is_accepted { "signature accepted" } else { &verdict.reason };
        *counts.entry(reason).or_default() += 1;
    }
    counts.iter().map(|(reason, count)| format!("{reason} {count}")).collect::<Vec<_>>().join(", ")
}

fn labelled<'a>(
    plan: &'a [Planned],
    verdicts: &'a [Verdict],
) -> impl Iterator<Item = (Label, bool, &'a Verdict)> {
    let tokens = plan.iter().flat_map(|planned| &planned.group.tokens);
    tokens.zip(verdicts).map(|(token, verdict)| (token.label, token.is_encrypted(), verdict))
}
