use super::*;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(1_900_000_000 + seconds)
}

fn feed() -> Feed {
    Feed::new(FeedRules {
        refresh_seconds: 300,
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
    feed.succeeded(at(1));
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
        feed.failed(at(now));
        assert!(!feed.start_fetch(at(now + pause - 1)), "{pause}");
        now += pause;
    }
}

#[test]
fn keeps_the_last_good_value_until_it_is_too_old() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.succeeded(at(0));
    feed.failed(at(300));
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
    feed.succeeded(at(1));
    assert!(!feed.ask(at(9)));
    assert!(feed.ask(at(10)));
    assert!(feed.start_fetch(at(10)));
    feed.succeeded(at(10));
    for now in 10..20 {
        assert!(!feed.ask(at(now)), "{now}");
    }
}

#[test]
fn recovers_from_a_clock_that_was_in_the_future() {
    let mut feed = feed();
    let future = 2_000_000_000;
    assert!(feed.start_fetch(at(future)));
    feed.succeeded(at(future));
    assert!(!feed.start_fetch(at(0)));
    assert!(feed.start_fetch(at(300)), "as if the value had come when the clock was right again");
    feed.failed(at(300));
    assert_eq!(feed.freshness(at(3_601)), Freshness::Expired);
}

#[test]
fn lets_a_request_wait_for_the_next_try_when_there_is_nothing_yet() {
    let mut feed = feed();
    assert!(feed.start_fetch(at(0)));
    feed.failed(at(0));
    assert!(feed.ask(at(0)), "the next try is a second away");
    assert!(!feed.start_fetch(at(0)));
    assert!(feed.start_fetch(at(1)));
    feed.succeeded(at(1));
    assert!(!feed.ask(at(2)), "in the cool-down");
}
