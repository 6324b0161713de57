//! Faults on demand: what happens to an Envoy whose filter has a bug is found out before there is one.
#![expect(clippy::panic, reason = "the purpose of this file")]

use crate::host::{self, Condition, HeaderMap, shared_memory};

/// Breaks in the way that the header `x-forced-trap` of the request in force asks for.
pub(crate) fn spring() {
    let Ok(lines) = host::header_map(HeaderMap::Request) else { return };
    let Ok(headers) = host::parse_pairs(&lines) else { return };
    let wish = headers.iter().find(|(name, _)| *name == b"x-forced-trap").map(|(_, value)| *value);
    match wish {
        Some(b"panic") => panic!("a forced trap"),
        Some(b"memory") => exhaust(),
        Some(b"loop") => spin(),
        Some(wish) => spoil(wish),
        None => {}
    }
}

/// Writes what another filter with the same `vm_id` could: `spoil NAME=VALUE`.
fn spoil(wish: &[u8]) {
    let Some(wish) = wish.strip_prefix(b"spoil ").and_then(|wish| str::from_utf8(wish).ok()) else {
        return;
    };
    if let Some((name, value)) = wish.split_once('=') {
        let done = shared_memory::set(name, value.as_bytes(), Condition::Always);
        assert_eq!(done, Ok(true), "the drill spoils nothing");
    }
}

/// Takes memory until the machine's limit of one gibibyte ends it.
fn exhaust() {
    let mut taken = Vec::new();
    loop {
        taken.push(vec![1_u8; 16 << 20]);
        core::hint::black_box(&taken);
    }
}

/// Never comes back.
fn spin() {
    let mut rounds = 0_u64;
    while core::hint::black_box(true) {
        rounds = rounds.wrapping_add(1);
    }
    core::hint::black_box(rounds);
}
