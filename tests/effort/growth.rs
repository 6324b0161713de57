//! Requests: their cost grows with their length, at most in proportion.

use super::families::{Family, all};
use super::policies::{flat, rich, tree};
use super::probe::{Cost, Sent, ask, load, start};
use super::tokens::valid;

/// W10: from one size to its double no byte comes to cost a quarter more, so the steps become two and a half times as
/// many at most; and there is a limit that depends on nothing but the bytes of the request.
#[test]
fn twice_the_request_is_at_most_twice_the_work() {
    let mut core = start(&rich());
    for key in ["es256-1", "rs256-1", "ed25519-1"] {
        // The first check of a key makes the first rows of its tables.
        let _ = ask(&mut core, &super::tokens::of_key(key));
    }
    let mut worst = Vec::new();
    for family in all() {
        let costs = SIZES.map(|size| {
            let sent = (family.make)(size);
            let cost = ask(&mut core, &sent);
            // The second time the token may be known, and that may save work but not make any.
            let again = ask(&mut core, &sent);
            let limit = cost.steps + cost.steps / 50 + 10_000;
            assert!(again.steps < limit, "{}: {cost:?}, {again:?}", family.name);
            cost
        });
        check_growth(family, &costs);
        let [.., last] = costs;
        worst.push((last.steps * 10 / last.bytes, family.name, last));
    }
    worst.sort_by_key(|(steps_per_byte, ..)| *steps_per_byte);
    println!("work: {} families of requests of up to 16 KiB", worst.len());
    for (_, name, cost) in worst.iter().rev().take(3) {
        println!("work: {} steps for {} bytes: {name} ({})", cost.steps, cost.bytes, cost.reason);
    }
    assert!(worst.iter().any(|(.., cost)| cost.status == 200), "nothing was allowed");
}

fn check_growth(family: Family, costs: &[Cost]) {
    for pair in costs.windows(2) {
        let [half, whole] = pair else { unreachable!() };
        let (steps, bytes) = (whole.steps * half.bytes, half.steps * whole.bytes);
        assert!(steps * 4 < bytes * 5, "{}: {half:?}, {whole:?}", family.name);
        assert!(whole.steps < limit(whole.bytes), "{}: {whole:?}", family.name);
    }
}

/// A signature and a bit, and so much for every byte.
fn limit(bytes: u64) -> u64 {
    8_000_000 + 1_500 * bytes
}

/// What is longer than the policy allows is not read at all.
#[test]
fn a_token_that_is_too_long_costs_nothing() {
    let mut core = start(&rich());
    let costs = [20_000, 200_000, 2_000_000].map(|size| {
        let cost = ask(&mut core, &Sent::with_token("A".repeat(size)));
        assert_eq!(cost.reason, "tok.size");
        cost.steps
    });
    println!("work: {} steps for a token of two megabytes", costs[2]);
    assert!(costs.iter().all(|steps| *steps < 100_000), "{costs:?}");
    // A host's buffer of two megabytes is not where one of twenty kilobytes was, and the allocator looks for it.
    assert!(costs[2] < costs[0] + 10_000, "{costs:?}");
}

/// The cost grows with the path, not with the number of routes.
#[test]
fn ten_times_the_routes_are_not_ten_times_the_work() {
    let mut core = start(&flat(1_000));
    let find = |core: &mut _, route: usize| {
        let path = format!("/orders-{route:06}/7");
        let found = ask(core, &Sent { path, ..Sent::with_token(valid()) });
        assert_eq!(found.status, 200, "{found:?}");
        let lookalike = ask(core, &Sent::to(format!("/Orders-{route:06}/7")));
        assert_eq!(lookalike.reason, "pol.norule");
        [found.steps, lookalike.steps]
    };
    let _ = find(&mut core, 0);
    let few = find(&mut core, 500);
    load(&mut core, &flat(10_000));
    let _ = find(&mut core, 0);
    let many = find(&mut core, 5_000);
    println!("work: {few:?} steps among 1,000 routes, {many:?} among 10,000");
    assert!(many.iter().zip(few).all(|(many, few)| *many < few * 5 / 4), "{few:?}, {many:?}");
}

/// The worst that a policy can do: every route has to be looked at. Then each costs a little, but the bytes of the path
/// are not read again for every one of them.
#[test]
fn routes_and_bytes_add_up_and_do_not_multiply() {
    let mut core = start(&tree(4));
    let steps = [8, 9, 10].map(|depth| {
        load(&mut core, &tree(depth));
        let routes = 1_u64 << depth;
        let short = ask(&mut core, &Sent::to("/a".repeat(depth)));
        let path = "/a".repeat(depth - 1) + "/" + &"a".repeat(8_000);
        let long = ask(&mut core, &Sent::to(path));
        assert_eq!((&*short.reason, &*long.reason), ("pol.norule", "pol.norule"));
        assert!(short.steps < routes * 3_000, "{routes} routes: {short:?}");
        assert!(long.steps < routes * 3_000 + limit(long.bytes), "{routes} routes: {long:?}");
        [short.steps, long.steps]
    });
    println!("work: {steps:?} steps for a short and a long path through 256, 512 and 1,024 routes");
    for pair in steps.windows(2) {
        assert!(pair[1].iter().zip(pair[0]).all(|(more, less)| more * 2 < less * 5), "{pair:?}");
    }
}

/// Bytes of the part that grows.
const SIZES: [usize; 3] = [4_000, 8_000, 16_000];
