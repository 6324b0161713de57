use std::prelude::v1::*;

use super::*;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(1_900_000_000 + seconds)
}

fn feed() -> Feed {
    Feed::new(FeedRules {
        refresh_seconds: 300,
        jitter_seconds: 0,
        wait_seconds: 0,
        cooldown_seconds: 10,
        maximum_stale_seconds: 3_600,
    })
}

#[test]
fn fetches_at_once_and_one_at_a_time() {
    let mut feed = feed();
    assert_eq!(feed.freshness(at(0)), Freshness::Empty);
    assert!(feed.start_fetch(at(0)));
    assert!(!feed.start_fetch(at(1)));
    feed.succeeded(News::Changed, None, at(1));
    assert_eq!(feed.freshness(at(1)), Freshness::Fresh);
    assert!(!feed.start_fetch(at(300)));
    assert!(feed.start_fetch(at(301)));
}

#[test]
fn takes_an_answer_for_lost_after_ten_seconds() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    assert!(!feed.start_fetch(at(9)));
    assert!(feed.start_fetch(at(10)));
}

#[test]
fn tries_again_ever_more_slowly() {
    let mut feed = feed();
    let mut now = 0;
    for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
        assert!(feed.start_fetch(at(now)), "{now}");
        feed.failed(None, at(now));
        assert!(!feed.start_fetch(at(now + pause - 1)), "{pause}");
        now += pause;
    }
}

#[test]
fn keeps_the_last_good_value_until_it_is_too_old() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.succeeded(News::Changed, None, at(0));
    feed.failed(None, at(300));
    assert_eq!(feed.freshness(at(310)), Freshness::Fresh);
    assert_eq!(feed.freshness(at(311)), Freshness::Stale);
    assert_eq!(feed.freshness(at(3_600)), Freshness::Stale);
    assert_eq!(feed.freshness(at(3_601)), Freshness::Expired);
}

#[test]
fn grants_one_extra_fetch_in_each_cool_down() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    assert!(feed.ask(at(1)), "a fetch is under way");
    feed.succeeded(News::Changed, None, at(1));
    assert!(!feed.ask(at(9)));
    assert!(feed.ask(at(10)));
    assert!(feed.start_fetch(at(10)));
    feed.succeeded(News::Changed, None, at(10));
    for now in 10..20 {
        assert!(!feed.ask(at(now)), "{now}");
    }
}

#[test]
fn recovers_from_a_clock_that_was_in_the_future() {
    let mut feed = feed();
    let future = 2_000_000_000;
    assert!(feed.start_fetch(at(future)));
    feed.succeeded(News::Changed, None, at(future));
    assert!(!feed.start_fetch(at(0)));
    assert!(feed.start_fetch(at(300)), "as if the value had come when the clock was right again");
    feed.failed(None, at(300));
    assert_eq!(feed.freshness(at(3_601)), Freshness::Expired);
}

#[test]
fn lets_a_request_wait_for_the_next_try_when_there_is_nothing_yet() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.failed(None, at(0));
    assert!(feed.ask(at(0)), "the next try is a second away");
    assert!(!feed.start_fetch(at(0)));
    assert!(feed.start_fetch(at(1)));
    feed.succeeded(News::Changed, None, at(1));
    assert!(!feed.ask(at(2)), "in the cool-down");
}

#[test]
fn an_issuer_may_ask_to_be_asked_more_often_within_reason() {
    for (fresh, expected) in [(None, 300), (Some(60), 60), (Some(0), 10), (Some(9_999), 300)] {
        let mut feed = feed();
        assert!(feed.start_fetch(at(0)));
        feed.succeeded(News::Changed, fresh, at(0));
        assert!(!feed.start_fetch(at(expected - 1)), "{fresh:?}");
        assert!(feed.start_fetch(at(expected)), "{fresh:?}");
    }
}

#[test]
fn an_issuer_may_ask_to_be_left_alone_for_five_minutes_at_most() {
    for (retry, expected) in [(0, 1), (120, 120), (9_999, 300)] {
        let mut feed = feed();
        assert!(feed.start_fetch(at(0)));
        feed.failed(Some(retry), at(0));
        assert!(!feed.start_fetch(at(expected - 1)), "{retry}");
        assert!(feed.start_fetch(at(expected)), "{retry}");
    }
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.failed(Some(120), at(0));
    assert!(!feed.ask(at(60)), "a request does not overrule the issuer");
    assert!(feed.ask(at(120)));
}

#[test]
fn a_request_does_not_overrule_the_issuer_though_there_is_an_old_value() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.succeeded(News::Changed, None, at(0));
    assert!(feed.start_fetch(at(300)));
    feed.failed(Some(60), at(300));
    assert!(!feed.ask(at(359)));
    assert!(feed.ask(at(360)));
}

#[test]
fn the_cool_down_begins_with_the_fetch_and_not_with_its_failure() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.succeeded(News::Changed, None, at(0));
    assert!(feed.start_fetch(at(300)));
    feed.failed(None, at(304));
    assert!(!feed.ask(at(309)));
    assert!(feed.ask(at(310)));
}

#[test]
fn edges_with_different_seeds_do_not_fetch_in_step() {
    let rules = feed().rules;
    let pauses: Vec<u64> =
        (0..100).map(|seed| rules.with_jitter(seed).pause_seconds(None)).collect();
    assert!(pauses.iter().all(|pause| (270..=300).contains(pause)), "{pauses:?}");
    assert!(pauses.iter().any(|pause| *pause != pauses[0]));
}

fn waiting_feed() -> Feed {
    Feed::new(FeedRules {
        refresh_seconds: 5,
        jitter_seconds: 0,
        cooldown_seconds: 1,
        maximum_stale_seconds: 300,
        wait_seconds: 25,
    })
}

/// The pause after an answer that came `took` seconds after its fetch began.
fn pause_after(news: News, took: u64) -> u64 {
    let mut feed = waiting_feed();
    assert!(feed.start_fetch(at(0)));
    feed.succeeded(news, None, at(took));
    (0..60).find(|pause| feed.start_fetch(at(took + pause))).unwrap()
}

#[test]
fn waits_again_at_once() {
    assert_eq!(pause_after(News::Same, 25), 0);
    assert_eq!(pause_after(News::Changed, 3), 0);
    assert_eq!(pause_after(News::Changed, 0), 0);
}

#[test]
fn follows_a_few_changes_at_once_and_endless_ones_once_a_second() {
    let mut feed = waiting_feed();
    for second in 0..3 {
        for _ in 0..5 {
            assert!(feed.start_fetch(at(second)), "{second}");
            feed.succeeded(News::Changed, None, at(second));
        }
        assert!(!feed.start_fetch(at(second)), "{second}");
    }
}

#[test]
fn does_not_hammer_an_issuer_that_answers_without_waiting() {
    assert_eq!(pause_after(News::Same, 0), 5);
    assert_eq!(pause_after(News::Same, 1), 5);
}

#[test]
fn gives_an_answer_that_is_held_back_its_time() {
    let mut feed = waiting_feed();
    assert!(feed.start_fetch(at(0)));
    assert!(!feed.start_fetch(at(34)));
    assert!(feed.start_fetch(at(35)));
}

#[test]
fn leaves_a_fetch_to_another_engine_and_looks_again_in_a_second() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.yielded(at(0));
    assert!(feed.ask(at(0)), "the other one may bring it");
    assert!(!feed.start_fetch(at(0)));
    assert!(feed.start_fetch(at(1)));
}

#[test]
fn a_fetch_of_another_engine_counts_for_the_cool_down() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.yielded(at(0));
    feed.adopted(at(1), at(2));
    assert!(!feed.ask(at(10)));
    assert!(feed.ask(at(11)));
    // Also one that came to nothing.
    feed.failed(None, at(20));
    assert!(!feed.ask(at(29)));
    assert!(feed.ask(at(30)));
}

#[test]
fn to_look_again_at_what_is_known_does_not_make_good_a_failure() {
    let mut feed = feed();
    feed.adopted(at(0), at(0));
    assert!(feed.start_fetch(at(300)));
    feed.yielded(at(300));
    feed.failed(Some(60), at(300));
    feed.adopted(at(0), at(301));
    assert!(!feed.start_fetch(at(359)));
    assert!(feed.start_fetch(at(360)));
}

#[test]
fn what_another_engine_brings_does_not_end_a_fetch_of_our_own() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.adopted(at(1), at(1));
    assert!(feed.ask(at(2)), "under way");
    assert!(!feed.start_fetch(at(9)));
}

#[test]
fn what_was_adopted_is_as_old_as_its_fetch() {
    let mut feed = feed();
    feed.adopted(at(0), at(100));
    assert_eq!(feed.age_seconds(at(100)), Some(100));
    assert!(!feed.start_fetch(at(299)));
    assert!(feed.start_fetch(at(300)));
    feed.adopted(at(9_999), at(301));
    assert_eq!(feed.age_seconds(at(301)), Some(0), "nothing comes from the future");
}
