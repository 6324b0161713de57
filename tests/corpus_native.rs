//! The corpus against the engine as a library.

use edgelatch_tests::corpus::{
    CorpusError, Exchange, ExpandedCase, Host, NativeHost, Observed, check_coverage, load, run,
};

#[test]
fn decides_every_case_natively() {
    let corpus = load().unwrap();
    let report = run(&corpus, &mut NativeHost::default());
    println!("{report}");
    println!("corpus: native {} cases", report.cases);
    assert!(report.allowed > 0 && report.denied > 0 && report.configurations > 0);
    assert_eq!(report.cases, corpus.cases.len());
    assert!(report.failures().is_empty(), "{} differences", report.failures().len());
}

#[test]
fn has_a_case_for_every_line_of_the_threat_list() {
    let lacks = check_coverage(&load().unwrap());
    assert!(lacks.is_empty(), "{lacks:#?}");
}

#[test]
fn notices_a_host_that_says_the_same_to_everything() {
    let corpus = load().unwrap();
    let open = Observed { status: 200, ..Observed::default() };
    let closed = Observed { status: 401, ..Observed::default() };
    let right = run(&corpus, &mut NativeHost::default());
    let wrong = run(&corpus, &mut Constant(open)).failures().len();
    assert!(wrong >= right.cases, "only {wrong} differences of a host that refuses nothing");
    let wrong = run(&corpus, &mut Constant(closed)).failures().len();
    assert!(wrong >= right.cases, "only {wrong} differences of a host that refuses everything");
}

/// A host that has made up its mind.
struct Constant(Observed);

impl Host for Constant {
    fn load(&mut self, _: &str) -> Result<Option<String>, CorpusError> {
        Ok(Some("whatever".to_owned()))
    }

    fn begin(&mut self, _: &ExpandedCase, _: &str) -> Result<(), CorpusError> {
        Ok(())
    }

    fn answer(&mut self, _: &Exchange) -> Result<Observed, CorpusError> {
        Ok(self.0.clone())
    }
}
