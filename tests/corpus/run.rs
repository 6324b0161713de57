//! The runner: the same for every host.

use super::{
    CorpusError, Exchange, Expanded, ExpandedCase, Expect, Observed, Refused, Report, Trial,
};

/// A place where the engine runs.
pub trait Host {
    /// Loads a policy. The complaint, if it is refused: `path: message [code]`.
    fn load(&mut self, policy: &str) -> Result<Option<String>, CorpusError>;

    /// Gets ready for a case: its engine has seen no request that could matter.
    fn begin(&mut self, case: &ExpandedCase, policy: &str) -> Result<(), CorpusError>;

    /// Sends one request of the case begun last.
    fn answer(&mut self, exchange: &Exchange) -> Result<Observed, CorpusError>;

    /// The verdict that holds in this host.
    fn expect<'a>(&self, exchange: &'a Exchange) -> &'a Expect {
        &exchange.expect
    }
}

/// Runs every case, whatever happens to the others.
pub fn run(corpus: &Expanded, host: &mut impl Host) -> Report {
    let mut report = Report::default();
    for case in &corpus.cases {
        let policy = corpus.policies.get(&case.policy).map_or("", String::as_str);
        if let Err(error) = run_case(case, policy, host, &mut report) {
            report.fail(case, &error.to_string());
        }
        report.count_case();
    }
    report
}

fn run_case(
    case: &ExpandedCase,
    policy: &str,
    host: &mut impl Host,
    report: &mut Report,
) -> Result<(), CorpusError> {
    match &case.trial {
        Trial::Configuration(refused) => {
            let complaint = host.load(policy)?;
            report.count_configuration();
            if let Some(difference) = judge_complaint(refused.as_ref(), complaint.as_deref()) {
                report.fail(case, &difference);
            }
        }
        Trial::Requests(exchanges) => {
            host.begin(case, policy)?;
            for (index, exchange) in exchanges.iter().enumerate() {
                let expect = host.expect(exchange);
                let observed = host.answer(exchange)?;
                report.count_request(&observed);
                for difference in super::judge(exchange, expect, &observed) {
                    report.fail(case, &format!("request {}: {difference}", index + 1));
                }
            }
        }
    }
    Ok(())
}

fn judge_complaint(refused: Option<&Refused>, complaint: Option<&str>) -> Option<String> {
    match (refused, complaint) {
        (None, None) => None,
        (None, Some(complaint)) => Some(format!("the policy was refused: {complaint}")),
        (Some(refused), None) => Some(format!("the policy was accepted, expected {refused:?}")),
        (Some(refused), Some(complaint)) => {
            let place = format!("{}: ", refused.path);
            let code = format!("[{}]", refused.code);
            let names_place = refused.path.is_empty() || complaint.contains(&place);
            let is_right = names_place && complaint.contains(&code);
            (!is_right).then(|| format!("expected {place}... {code}, got {complaint}"))
        }
    }
}
