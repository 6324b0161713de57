//! That no line of the threat list is without a case, and that the corpus is not hollow.

use std::collections::BTreeSet;

use super::{Expanded, Trial};

/// Sections of the threat list with the number of their lines: headers, parsing, keys, signature,
/// claims, policy.
pub const THREATS: [(char, usize); 6] =
    [('H', 14), ('P', 20), ('K', 13), ('S', 9), ('C', 17), ('A', 6)];

/// Everything that the corpus lacks, in words.
pub fn check(corpus: &Expanded) -> Vec<String> {
    let known: BTreeSet<String> = THREATS
        .iter()
        .flat_map(|(section, lines)| (1..=*lines).map(move |line| format!("{section}{line:02}")))
        .collect();
    let covered: BTreeSet<String> = corpus.cases.iter().map(|case| case.threat.clone()).collect();
    let mut lacks: Vec<String> =
        known.difference(&covered).map(|threat| format!("no case for {threat}")).collect();
    lacks.extend(covered.difference(&known).map(|threat| format!("no threat is called {threat}")));
    if corpus.cases.len() < LEAST_CASES {
        lacks.push(format!("only {} cases", corpus.cases.len()));
    }
    let allowed = count(corpus, 200);
    if allowed < LEAST_ALLOWED {
        lacks.push(format!(
            "only {allowed} requests are allowed: a host that refuses all would pass"
        ));
    }
    lacks
}

fn count(corpus: &Expanded, status: u16) -> usize {
    let requests = corpus.cases.iter().filter_map(|case| match &case.trial {
        Trial::Requests(requests) => Some(requests),
        Trial::Configuration(_) => None,
    });
    requests.flatten().filter(|request| request.expect.status == status).count()
}

const LEAST_CASES: usize = 250;
const LEAST_ALLOWED: usize = 60;
