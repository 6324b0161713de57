use super::*;
use edgelatch_core::Policy;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Memory as Envoy has it: a value can be written under any condition where nothing is, and each writing has
/// a mark that no other has.
#[derive(Clone, Default)]
struct Fake(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    values: BTreeMap<String, (Vec<u8>, u32)>,
    mark: u32,
    /// Happens once, right behind the next look at a value.
    meanwhile: Option<Box<dyn FnOnce()>>,
}

impl Memory for Fake {
    fn get(&self, name: &str) -> Result<Option<Entry>, HostError> {
        let found = self.0.borrow().values.get(name).cloned();
        let meanwhile = self.0.borrow_mut().meanwhile.take();
        if let Some(meanwhile) = meanwhile {
            meanwhile();
        }
        Ok(found.map(|(value, mark)| Entry { value, mark: Mark::new(mark).unwrap() }))
    }

    fn set(&self, name: &str, value: &[u8], condition: Condition) -> Result<bool, HostError> {
        let state = &mut *self.0.borrow_mut();
        let there = state.values.get(name).map(|(_, mark)| Mark::new(*mark));
        let holds = match condition {
            Condition::Always => true,
            Condition::Absent => there.is_none(),
            Condition::Unchanged(mark) => there.is_none_or(|there| there == Some(mark)),
        };
        if holds {
            state.mark += 1;
            state.values.insert(name.to_owned(), (value.to_vec(), state.mark));
        }
        Ok(holds)
    }
}

impl Fake {
    fn overwrite(&self, what: &str, value: &[u8]) {
        let mut state = self.0.borrow_mut();
        state.mark += 1;
        let mark = state.mark;
        let mut written = 0;
        for (name, entry) in &mut state.values {
            if name.contains(what) {
                *entry = (value.to_vec(), mark);
                written += 1;
            }
        }
        assert_eq!(written, 1, "{what}");
    }

    fn meanwhile(&self, act: impl FnOnce() + 'static) {
        self.0.borrow_mut().meanwhile = Some(Box::new(act));
    }
}

fn board(memory: &Fake, me: u64) -> Board<Fake> {
    let policy = Policy::from_json(POLICY).unwrap();
    let source = policy.feed_sources().next().unwrap();
    Board::new(memory.clone(), me, &source)
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(1_900_000_000 + seconds)
}

fn publication(body: &'static str, seconds: u64) -> Publication<'static> {
    Publication { body: body.as_bytes(), entity_tag: Some(body), received: at(seconds) }
}

/// What an engine finds that was not there before.
fn check_document(memory: &Fake, expected: Option<Publication<'_>>) {
    let bytes = board(memory, 99).document().unwrap().unwrap();
    assert_eq!(parse_document(&bytes), expected);
}

#[test]
fn one_engine_fetches_and_the_others_hear_of_it_once() {
    let memory = Fake::default();
    let (mut one, mut two) = (board(&memory, 1), board(&memory, 2));
    assert_eq!(one.take_turn(0, 100).unwrap(), Turn::Mine);
    assert_eq!(two.take_turn(9_000, 100).unwrap(), Turn::Theirs);
    one.publish(&publication("a", 0), at(0)).unwrap();
    one.end_turn().unwrap();
    assert_eq!(one.news().unwrap(), None, "its own");
    assert_eq!(two.news().unwrap(), Some(News::Document));
    assert_eq!(parse_document(&two.document().unwrap().unwrap()), Some(publication("a", 0)));
    assert_eq!(two.document().unwrap(), None, "it was read");
    assert_eq!(two.news().unwrap(), None);
    two.look_again();
    assert_eq!(two.news().unwrap(), Some(News::Document));
    assert!(two.document().unwrap().is_some());
    assert_eq!(two.news().unwrap(), None);
    two.look_again();
    one.report_failure(b"").unwrap();
    assert_eq!(two.news().unwrap(), Some(News::Failure { retry_after: Vec::new() }));
    assert_eq!(two.take_turn(9_000, 101).unwrap(), Turn::Mine);
}

#[test]
fn of_two_engines_that_find_no_turn_at_the_same_time_one_gets_it() {
    let memory = Fake::default();
    let (mut one, mut two) = (board(&memory, 1), board(&memory, 2));
    let other = memory.clone();
    memory.meanwhile(move || {
        assert_eq!(board(&other, 3).take_turn(0, 100).unwrap(), Turn::Mine);
    });
    assert_eq!(one.take_turn(0, 100).unwrap(), Turn::Theirs);
    // The same where a turn is over.
    let (now, other) = (100 + lease::DURATION, memory.clone());
    memory.meanwhile(move || {
        assert_eq!(board(&other, 4).take_turn(0, now).unwrap(), Turn::Mine);
    });
    assert_eq!(two.take_turn(0, now).unwrap(), Turn::Theirs);
}

#[test]
fn a_turn_is_taken_over_when_its_holder_is_gone_and_not_while_it_goes_on() {
    let memory = Fake::default();
    let (mut one, mut two) = (board(&memory, 1), board(&memory, 2));
    assert_eq!(one.take_turn(0, 0).unwrap(), Turn::Mine);
    one.keep_turn(4_000).unwrap();
    assert_eq!(two.take_turn(60_000, 8_999).unwrap(), Turn::Theirs);
    assert_eq!(two.take_turn(60_000, 9_000).unwrap(), Turn::Mine);
    // The lost one comes back and does not take it away.
    one.keep_turn(9_001).unwrap();
    one.end_turn().unwrap();
    assert_eq!(board(&memory, 3).take_turn(60_000, 9_002).unwrap(), Turn::Theirs);
}

#[test]
fn nobody_is_kept_waiting_for_ever() {
    let memory = Fake::default();
    let (mut one, mut two) = (board(&memory, 1), board(&memory, 2));
    assert_eq!(one.take_turn(0, 0).unwrap(), Turn::Mine);
    for now in (0..=10_000).step_by(1_000) {
        one.keep_turn(now).unwrap();
        assert_eq!(two.take_turn(10_000, now).unwrap(), Turn::Theirs, "{now}");
    }
    one.keep_turn(11_000).unwrap();
    assert_eq!(two.take_turn(10_000, 11_000).unwrap(), Turn::Mine);
}

#[test]
fn an_older_document_never_replaces_a_newer_one() {
    let memory = Fake::default();
    let (mut one, mut two) = (board(&memory, 1), board(&memory, 2));
    two.publish(&publication("new", 5), at(5)).unwrap();
    one.publish(&publication("old", 4), at(6)).unwrap();
    check_document(&memory, Some(publication("new", 5)));
    // The same if it comes between the look and the writing.
    let other = memory.clone();
    memory.meanwhile(move || {
        board(&other, 3).publish(&publication("newer", 9), at(9)).unwrap();
    });
    one.publish(&publication("between", 7), at(9)).unwrap();
    check_document(&memory, Some(publication("newer", 9)));
}

#[test]
fn of_two_documents_written_at_the_same_time_one_stands_whole() {
    let memory = Fake::default();
    let mut one = board(&memory, 1);
    one.publish(&publication("a", 0), at(0)).unwrap();
    let other = memory.clone();
    memory.meanwhile(move || {
        board(&other, 2).publish(&publication("b", 1), at(1)).unwrap();
    });
    one.publish(&publication("c", 1), at(1)).unwrap();
    check_document(&memory, Some(publication("c", 1)));
    assert_eq!(board(&memory, 3).news().unwrap(), Some(News::Document));
}

#[test]
fn a_document_from_the_future_is_not_in_the_way() {
    let memory = Fake::default();
    let mut one = board(&memory, 1);
    one.publish(&publication("a", 9_999), at(0)).unwrap();
    one.publish(&publication("b", 0), at(0)).unwrap();
    check_document(&memory, Some(publication("b", 0)));
}

#[test]
fn a_failure_is_news_for_those_who_were_there() {
    let memory = Fake::default();
    let (mut one, mut two) = (board(&memory, 1), board(&memory, 2));
    one.report_failure(b"120").unwrap();
    assert_eq!(two.news().unwrap(), Some(News::Document), "it may have missed one");
    one.report_failure(b"60").unwrap();
    assert_eq!(two.news().unwrap(), Some(News::Failure { retry_after: b"60".to_vec() }));
}

#[test]
fn nonsense_in_shared_memory_stops_nobody() {
    let memory = Fake::default();
    let mut one = board(&memory, 1);
    assert_eq!(one.take_turn(0, 0).unwrap(), Turn::Mine);
    one.publish(&publication("a", 0), at(0)).unwrap();
    let nonsense = [&b""[..], b"\0", &[0xFF; 16], &[b'x'; 5_000]];
    for garbage in nonsense {
        for what in ["1: document", "1: bell", "1: turn"] {
            memory.overwrite(what, garbage);
        }
        let mut two = board(&memory, 2);
        assert_eq!(two.news().unwrap(), Some(News::Document));
        check_document(&memory, None);
        assert_eq!(two.take_turn(60_000, 0).unwrap(), Turn::Mine, "{garbage:?}");
        two.publish(&publication("b", 1), at(1)).unwrap();
        check_document(&memory, Some(publication("b", 1)));
        assert_eq!(one.news().unwrap(), Some(News::Document));
        two.end_turn().unwrap();
    }
}

const POLICY: &[u8] = br#"{
    "issuers": [{
        "issuer": "https://a.test", "audiences": ["api"], "jwks_uri": "https://a.test/keys"
    }],
    "routes": [{ "name": "r", "methods": ["GET"], "path": "/", "scopes": { "all": ["x"] } }]
}"#;
