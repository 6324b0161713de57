//! No neighbour of a valid token passes: all of them natively, a sample in Envoy (P20).

use edgelatch_tests::corpus::{EnvoyHost, NativeHost, load, originals, refuse_neighbours};

#[test]
fn refuses_every_neighbour_of_a_token_of_each_algorithm() {
    let originals = originals(load().unwrap());
    assert_eq!(originals.cases.len(), 4);
    let refused = refuse_neighbours(&originals, &mut NativeHost::default(), 1).unwrap();
    println!("neighbours: native {refused} refused");
    assert!(refused > 20_000, "only {refused} neighbours");
}

#[test]
fn refuses_a_sample_of_the_neighbours_in_envoy() {
    let originals = originals(load().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut host = EnvoyHost::start(&originals, folder.path()).unwrap();
    let refused = refuse_neighbours(&originals, &mut host, 13).unwrap();
    println!("neighbours: envoy {refused} refused");
    assert!(refused > 1_500, "only {refused} neighbours");
    assert_eq!(host.traps().unwrap(), 0, "the filter failed and was loaded again");
}
