use std::prelude::v1::*;

use serde_json::json;

use super::*;

pub(super) fn key() -> Arc<VerifyingKey> {
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519", "kid": "k",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    });
    let allowed = [crate::algorithm::Algorithm::Ed25519];
    Arc::new(crate::key::tests::load_for(&jwk, &allowed).unwrap())
}

fn claims() -> Arc<Claims> {
    Arc::new(crate::claims::sample())
}

pub(super) fn known(key: &Arc<VerifyingKey>) -> Known {
    Known { issuer: 3, key: Arc::clone(key), claims: claims() }
}

fn cache(entries: usize, bytes: usize) -> TokenCache {
    TokenCache::new(CacheLimits { entries, bytes }, 7)
}

fn text(number: usize) -> String {
    format!("{number:0>600}")
}

fn find(cache: &mut TokenCache, text: &str, is_in_force: bool) -> Option<Known> {
    let hash = cache.hash(text);
    cache.find(text, hash, |_| is_in_force)
}

fn find_refused(cache: &mut TokenCache, text: &str, is_in_force: bool) -> Option<Refusal> {
    let hash = cache.hash(text);
    cache.find_refused(text, hash, |_| is_in_force)
}

#[test]
fn finds_what_it_was_given_as_long_as_its_key_is_in_force() {
    let (mut cache, key) = (cache(8, 1 << 20), key());
    assert!(find(&mut cache, &text(1), true).is_none());
    cache.admit(text(1), known(&key));
    let found = find(&mut cache, &text(1), true).unwrap();
    assert!(Arc::ptr_eq(&found.key, &key));
    assert_eq!((found.issuer, found.claims), (3, claims()));
    assert!(find(&mut cache, &text(2), true).is_none());
    // The key has left: so does its token, for good.
    assert!(find(&mut cache, &text(1), false).is_none());
    assert!(find(&mut cache, &text(1), true).is_none());
    assert_eq!(cache.statistics().hits, 1);
    assert_eq!((cache.statistics().entries, cache.statistics().bytes), (0, 0));
}

#[test]
fn keeps_to_its_limits_of_entries_and_bytes() {
    let key = key();
    for (entries, bytes) in [(10, 1 << 20), (1_000, 10_000)] {
        let mut cache = cache(entries, bytes);
        for number in 0..100 {
            cache.admit(text(number), known(&key));
            let statistics = cache.statistics();
            assert!(statistics.entries <= entries && statistics.bytes <= bytes, "{statistics:?}");
            assert!(find(&mut cache, &text(number), true).is_some(), "the newest is there");
        }
        let found = (0..100).filter(|number| find(&mut cache, &text(*number), true).is_some());
        assert_eq!(found.count(), cache.statistics().entries);
        assert!(cache.statistics().entries >= 9);
    }
}

#[test]
fn forgets_first_what_nobody_asks_for() {
    let (mut cache, key) = (cache(16, 1 << 20), key());
    for number in 0..1_000 {
        cache.admit(text(number), known(&key));
        assert!(find(&mut cache, &text(0), true).is_some(), "asked for all the time, {number}");
    }
}

#[test]
fn what_comes_once_does_not_push_out_what_comes_again() {
    let (mut cache, key) = (cache(1_000, 1 << 20), key());
    cache.admit(text(0), known(&key));
    assert!(find(&mut cache, &text(0), true).is_some());
    for number in 1..5_000 {
        cache.admit(text(number), known(&key));
    }
    assert!(find(&mut cache, &text(0), true).is_some());
    assert!(cache.statistics().entries < 40, "{:?}", cache.statistics());
}

/// What a token of `text` takes.
fn size_of_one() -> usize {
    let mut one = cache(1, 1 << 20);
    one.admit(text(0), known(&key()));
    one.statistics().bytes
}

/// At most 16, and a quarter of what there is room for.
#[test]
fn of_what_comes_once_only_the_last_few_are_kept() {
    let (key, size) = (key(), size_of_one());
    for (entries, bytes, expected) in [
        (1_000, 1 << 20, 16),
        (40, 1 << 20, 10),
        (4, 1 << 20, 1),
        (3, 1 << 20, 1),
        (1_000, 20 * size, 5),
        (1_000, 20 * size - 1, 4),
        (1_000, size, 1),
    ] {
        let mut cache = cache(entries, bytes);
        (0..100).for_each(|number| cache.admit(text(number), known(&key)));
        let statistics = cache.statistics();
        assert_eq!((statistics.entries, statistics.bytes), (expected, expected * size));
        for number in 0..100 {
            let is_known = find(&mut cache, &text(number), true).is_some();
            assert_eq!(is_known, number >= 100 - expected, "{number} of {entries}, {bytes}");
        }
    }
}

/// Where there is no more room, those that come once push out each other.
#[test]
fn a_full_cache_loses_no_more_than_one_to_what_comes_once() {
    let (mut cache, key) = (cache(8, 1 << 20), key());
    for number in 0..8 {
        cache.admit(text(number), known(&key));
        assert!(find(&mut cache, &text(number), true).is_some());
    }
    for number in 100..150 {
        cache.admit(text(number), known(&key));
        assert_eq!(cache.statistics().entries, 8);
    }
    let left = (0..8).filter(|number| find(&mut cache, &text(*number), true).is_some());
    assert_eq!(left.count(), 7);
}

/// Whatever is there already, and whether the large one came before or not.
#[test]
fn a_large_token_finds_room_within_the_limit_of_bytes() {
    let (key, size) = (key(), size_of_one());
    let limit = 8 * size;
    let large = "l".repeat(600 + 13 * size / 2);
    for is_seen in [false, true] {
        for used in [0, 2, 8] {
            let mut cache = cache(1_000, limit);
            if is_seen {
                cache.admit(large.clone(), known(&key));
                cache.admit(text(1_000), known(&key));
                assert!(find(&mut cache, &large, true).is_none(), "only its hash is left");
            }
            for number in 0..used {
                cache.admit(text(number), known(&key));
                assert!(find(&mut cache, &text(number), true).is_some());
            }
            assert!(used < 8 || cache.statistics().bytes == limit);
            cache.admit(large.clone(), known(&key));
            assert!(cache.statistics().bytes <= limit, "{is_seen}, {used}");
            assert!(find(&mut cache, &large, true).is_some(), "{is_seen}, {used}");
        }
    }
}

#[test]
fn what_is_verified_again_is_kept_for_long() {
    let (mut cache, key) = (cache(1_000, 1 << 20), key());
    let admit_strangers = |cache: &mut TokenCache, from: usize| {
        (from..from + 100).for_each(|number| cache.admit(text(number), known(&key)));
    };
    cache.admit(text(0), known(&key));
    admit_strangers(&mut cache, 1_000);
    assert!(find(&mut cache, &text(0), true).is_none(), "came once, long ago");
    cache.admit(text(0), known(&key));
    for from in (2_000..9_000).step_by(100) {
        admit_strangers(&mut cache, from);
    }
    assert!(find(&mut cache, &text(0), true).is_some());
}

/// As many as there is room for, each of which comes when all others have.
#[test]
fn tokens_in_turn_are_all_known_after_two_rounds() {
    let key = key();
    for entries in [1, 2, 3, 40, 2_000, 20_000] {
        let mut cache = cache(entries, 1 << 30);
        let mut round = || {
            let unknown = (0..entries).filter(|number| {
                let is_unknown = find(&mut cache, &text(*number), true).is_none();
                if is_unknown {
                    cache.admit(text(*number), known(&key));
                }
                is_unknown
            });
            unknown.count()
        };
        assert_eq!(round(), entries);
        round();
        assert_eq!((round(), round()), (0, 0), "{entries}");
    }
}

#[test]
fn a_cache_without_room_keeps_nothing() {
    let key = key();
    for mut cache in [cache(0, 1 << 20), cache(8, 0), cache(8, 600)] {
        cache.admit(text(1), known(&key));
        assert!(find(&mut cache, &text(1), true).is_none());
    }
    let mut nothing = cache(0, 1 << 20);
    nothing.refuse(&text(1), Refusal::UnknownKey { issuer: 0, generation: 0 });
    assert!(find_refused(&mut nothing, &text(1), true).is_none());
}

#[test]
fn the_same_text_is_kept_once() {
    let (mut cache, key) = (cache(8, 1 << 20), key());
    cache.admit(text(1), known(&key));
    let statistics = cache.statistics();
    assert!(statistics.entries == 1 && (600..1_000).contains(&statistics.bytes), "{statistics:?}");
    cache.admit(text(1), known(&key));
    assert_eq!(cache.statistics(), statistics);
}

#[test]
fn texts_that_end_alike_are_told_apart() {
    let (mut cache, key) = (cache(8, 1 << 20), key());
    let tail = "s".repeat(64);
    cache.admit(format!("a{tail}"), known(&key));
    cache.admit(format!("b{tail}"), known(&key));
    assert!(find(&mut cache, &format!("a{tail}"), true).is_some());
    assert!(find(&mut cache, &format!("b{tail}"), true).is_some());
    assert!(find(&mut cache, &format!("c{tail}"), true).is_none());
    assert!(find(&mut cache, &tail, true).is_none());
    // Removing one leaves the other.
    assert!(find(&mut cache, &format!("a{tail}"), false).is_none());
    assert!(find(&mut cache, &format!("b{tail}"), true).is_some());
}

#[test]
fn remembers_a_few_refusals_of_bounded_length() {
    let (mut cache, key) = (cache(8, 1 << 20), key());
    cache.refuse(&text(1), Refusal::Signature { issuer: 0, key: Arc::clone(&key) });
    let found = find_refused(&mut cache, &text(1), true);
    assert!(matches!(found, Some(Refusal::Signature { .. })));
    assert!(find_refused(&mut cache, &text(1), false).is_none());
    assert!(find_refused(&mut cache, &text(2), true).is_none());
    let longest = "x".repeat(2_048);
    cache.refuse(&longest, Refusal::UnknownKey { issuer: 0, generation: 0 });
    assert!(find_refused(&mut cache, &longest, true).is_some());
    let long = "x".repeat(2_049);
    cache.refuse(&long, Refusal::UnknownKey { issuer: 0, generation: 0 });
    assert!(find_refused(&mut cache, &long, true).is_none());
    for number in 0..10_000 {
        cache.refuse(&text(number), Refusal::UnknownKey { issuer: 0, generation: 0 });
    }
    let kept =
        (0..10_000).filter(|number| find_refused(&mut cache, &text(*number), true).is_some());
    // The last at each place, and chance leaves few places empty.
    assert!((120..=128).contains(&kept.count()));
}
