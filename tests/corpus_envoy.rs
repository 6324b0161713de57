//! The corpus against the built filter in a real Envoy.

use edgelatch_tests::corpus::{EnvoyHost, load, run};

#[test]
fn decides_every_case_in_envoy() {
    let corpus = load().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut host = EnvoyHost::start(&corpus, folder.path()).unwrap();
    let report = run(&corpus, &mut host);
    println!("{report}");
    println!("corpus: envoy {} cases", report.cases);
    assert!(report.allowed > 0 && report.denied > 0 && report.configurations > 0);
    assert_eq!(report.cases, corpus.cases.len());
    assert_eq!(host.traps().unwrap(), 0, "the filter failed and was loaded again");
    assert!(report.failures().is_empty(), "{} differences", report.failures().len());
}
