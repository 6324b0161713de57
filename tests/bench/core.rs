//! The decision in native Rust against the crate `jsonwebtoken`, on the same tokens in the same run:
//! the form of a token, the signature check, and the whole decision.
//!
//! Both use the same RustCrypto primitives, so that a ratio tells about our code and not about the
//! arithmetic below it. Ours does more in that time: header lines, routes, RFC 9068 claims, scopes,
//! identity headers.

use criterion::Criterion;

mod ours;
mod peer;
mod table;

use ours::Ours;
use peer::Peer;

type Failure = Box<dyn core::error::Error>;

/// The fixed keys, and the algorithms they are for.
const KEYS: [(&str, &str); 4] =
    [("es256-1", "ES256"), ("ed25519-1", "Ed25519"), ("rs256-1", "RS256"), ("ps256-1", "PS256")];

fn main() -> Result<(), Failure> {
    let mut criterion = Criterion::default().configure_from_args();
    for (key, algorithm) in KEYS {
        measure(&mut criterion, key, algorithm)?;
    }
    criterion.final_summary();
    table::print(&KEYS.map(|(_, algorithm)| algorithm))
}

fn measure(criterion: &mut Criterion, key: &str, algorithm: &str) -> Result<(), Failure> {
    let mut ours = Ours::new(key)?;
    let peer = Peer::new(key)?;
    let mut group = criterion.benchmark_group(algorithm);
    group.bench_function("parse-ours", |bencher| bencher.iter(|| ours.parse()));
    group.bench_function("parse-peer", |bencher| bencher.iter(|| peer.parse()));
    group.bench_function("verify-ours", |bencher| bencher.iter(|| ours.verify()));
    group.bench_function("verify-peer", |bencher| bencher.iter(|| peer.verify()));
    group.bench_function("decide-ours", |bencher| bencher.iter(|| ours.decide()));
    group.bench_function("decide-peer", |bencher| bencher.iter(|| peer.decide()));
    group.finish();
    Ok(())
}
