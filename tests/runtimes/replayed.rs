//! A host of the corpus that has already answered: everything was asked at once, in another program.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use edgelatch_tests::corpus::{
    CorpusError, Exchange, Expanded, ExpandedCase, Host, Observed, Trial,
};
use serde::Deserialize;

/// What a runtime said to all cases.
#[derive(Debug, Deserialize)]
pub(crate) struct Replay {
    outcomes: Vec<Outcome>,
    /// How often WebCrypto was asked.
    pub(crate) verifications: usize,
}

/// What it said to one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// The request cannot be told in the form that was asked for.
    Skipped,
    /// The package threw where it should have answered.
    Failure(String),
    /// Of the policy, or none.
    Complaint(Option<String>),
    Exchanges(VecDeque<Observed>),
}

/// Gives each answer when it is asked for.
#[derive(Debug)]
pub(crate) struct Replayed {
    complaints: BTreeMap<String, Option<String>>,
    exchanges: BTreeMap<String, Result<VecDeque<Observed>, String>>,
    current: VecDeque<Observed>,
}

impl Replayed {
    /// Puts the answers beside the cases, and takes out of the corpus what was skipped.
    pub(crate) fn new(corpus: &mut Expanded, replay: Replay) -> Self {
        assert_eq!(replay.outcomes.len(), corpus.cases.len());
        let mut host = Self {
            complaints: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            current: VecDeque::new(),
        };
        let Expanded { cases, policies } = corpus;
        let mut outcomes = replay.outcomes.into_iter();
        cases.retain(|case| {
            let policy = policies.get(&case.policy).cloned().unwrap_or_default();
            host.note(case, policy, outcomes.next().unwrap_or(Outcome::Skipped))
        });
        host
    }

    /// Whether there is an answer.
    fn note(&mut self, case: &ExpandedCase, policy: String, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Skipped => return false,
            // In the place of the complaint, so that it shows what happened instead.
            Outcome::Failure(why) if matches!(case.trial, Trial::Configuration(_)) => {
                drop(self.complaints.insert(policy, Some(why)));
            }
            Outcome::Failure(why) => drop(self.exchanges.insert(case.name.clone(), Err(why))),
            Outcome::Complaint(complaint) => drop(self.complaints.insert(policy, complaint)),
            Outcome::Exchanges(observed) => {
                drop(self.exchanges.insert(case.name.clone(), Ok(observed)));
            }
        }
        true
    }
}

impl Host for Replayed {
    fn load(&mut self, policy: &str) -> Result<Option<String>, CorpusError> {
        let complaint = self.complaints.get(policy);
        complaint.cloned().ok_or_else(|| CorpusError::new("the policy was not offered"))
    }

    fn begin(&mut self, case: &ExpandedCase, _: &str) -> Result<(), CorpusError> {
        let answers = self.exchanges.remove(&case.name);
        let answers = answers.ok_or_else(|| CorpusError::new("the case was not played"))?;
        self.current = answers.map_err(CorpusError::new)?;
        Ok(())
    }

    fn answer(&mut self, _: &Exchange) -> Result<Observed, CorpusError> {
        self.current.pop_front().ok_or_else(|| CorpusError::new("the request was not answered"))
    }
}
