//! What one worker knows, and the way of its requests: decided at once, or after a wait for keys.

use crate::answer;
use crate::clock::ClockWatch;
use crate::crypto::Crypto;
use crate::host::{self, HeaderMap, HostError, Level, Metrics};
use crate::waiting::{Waiter, Waiting};
use edgelatch_core::{
    Decision, Engine, FeedId, Fetch, FetchOutcome, FetchResponse, Freshness, Request, Step,
    Timestamp,
};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

pub(crate) use crate::answer::Verdict;

/// The gate as the root context and the requests of one worker share it.
pub(crate) type Shared = Rc<RefCell<Gate>>;

/// The engine of one worker and the requests that wait for it.
#[derive(Debug)]
pub(crate) struct Gate {
    /// `None` until a configuration was accepted.
    engine: Option<Engine>,
    waiting: Waiting<FeedId, Decision>,
    /// Requests that waited, were let through and are not over yet.
    released: BTreeSet<u32>,
    clock: ClockWatch,
    crypto: Crypto,
    metrics: Metrics,
    tick_milliseconds: u32,
}

impl Gate {
    /// A gate that lets nobody through, for want of a policy.
    pub(crate) fn closed() -> Self {
        Self {
            engine: None,
            waiting: Waiting::new(),
            released: BTreeSet::new(),
            clock: ClockWatch::default(),
            crypto: Crypto::default(),
            metrics: Metrics::default(),
            tick_milliseconds: 0,
        }
    }

    /// Takes up a new engine, finds out who checks signatures, and asks for a first tick soon: key sets
    /// are fetched from there.
    pub(crate) fn open(&mut self, engine: Engine) {
        self.engine = Some(engine);
        self.crypto = Crypto::choose();
        self.crypto.show(&mut self.metrics);
        self.tick_every(TICK_AT_ONCE);
    }

    /// Decides the request in force, or lets it wait for a key set.
    pub(crate) fn arrive(&mut self, context: u32, now: Timestamp) -> Verdict {
        match self.judge(now) {
            Judgement::Done(verdict) => verdict,
            Judgement::Wait { feed, otherwise } => {
                let deadline = host::steady_milliseconds().saturating_add(PATIENCE);
                self.tick_every(TICK_AT_ONCE);
                self.wait(context, Waiter { feed, otherwise, deadline })
            }
        }
    }

    /// Forgets a request that is no more.
    pub(crate) fn leave(&mut self, context: u32) {
        self.waiting.leave(context);
        self.released.remove(&context);
    }

    /// Whether a request waited and was then let through.
    pub(crate) fn released(&self, context: u32) -> bool {
        self.released.contains(&context)
    }

    /// Takes out of the trailers of the request in force what only this edge may say: an upstream may
    /// read them as header lines (RFC 9110 s6.5.1). `Hold` if that failed; then it was answered.
    pub(crate) fn clean_trailers(&mut self, context: u32) -> Verdict {
        let Some(engine) = &self.engine else { return Verdict::Hold };
        match answer::clean_trailers(engine) {
            Ok(()) => Verdict::Pass,
            Err(error) => {
                self.leave(context);
                answer::fail(&error, &mut self.metrics)
            }
        }
    }

    /// The next key set to fetch, if one is due.
    pub(crate) fn poll(&mut self, now: Timestamp) -> Option<Fetch> {
        self.engine.as_mut()?.poll(now)
    }

    /// Hands a fetched key set to the engine, then judges again who waited for it.
    pub(crate) fn accept(
        &mut self,
        feed: FeedId,
        response: FetchResponse<'_>,
        now: Timestamp,
    ) -> Option<FetchOutcome> {
        let outcome = self.engine.as_mut()?.accept(feed, response, now);
        for (context, waiter) in self.waiting.take_for(&feed) {
            if act_for(context) {
                self.retry(context, waiter.deadline, now);
            }
        }
        Some(outcome)
    }

    /// Whether a feed has something that may be used at the moment.
    pub(crate) fn is_usable(&self, feed: FeedId, now: Timestamp) -> bool {
        let mut feeds = self.engine.iter().flat_map(|engine| engine.feeds(now));
        feeds.any(|state| {
            state.feed == feed && matches!(state.freshness, Freshness::Fresh | Freshness::Stale)
        })
    }

    /// Answers who has waited long enough, shows the state of the key sets, and sets the next tick.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        for (context, waiter) in self.waiting.take_late(host::steady_milliseconds()) {
            if act_for(context) {
                let verdict = answer::give(&waiter.otherwise, &mut self.metrics);
                self.go_on(context, verdict);
            }
        }
        self.show_key_sets(now);
        self.tick_every(if self.waiting.is_empty() { TICK_AT_REST } else { TICK_WHILE_WAITING });
    }

    fn retry(&mut self, context: u32, deadline: u64, now: Timestamp) {
        let verdict = match self.judge(now) {
            Judgement::Done(verdict) => verdict,
            Judgement::Wait { feed, otherwise } => {
                self.wait(context, Waiter { feed, otherwise, deadline })
            }
        };
        self.go_on(context, verdict);
    }

    /// Lets a request that waited go on, if it may. Envoy shows its body only after this callback.
    fn go_on(&mut self, context: u32, verdict: Verdict) {
        if verdict == Verdict::Hold {
            return;
        }
        self.released.insert(context);
        if let Err(error) = host::resume_request() {
            host::log(Level::Critical, &format!("a request is stuck, as {error}"));
        }
    }

    fn wait(&mut self, context: u32, waiter: Waiter<FeedId, Decision>) -> Verdict {
        match self.waiting.admit(context, waiter) {
            Ok(()) => Verdict::Hold,
            Err(refused) => answer::give(&refused.otherwise, &mut self.metrics),
        }
    }

    /// Decides the request in force and carries the decision out, unless it has to wait.
    fn judge(&mut self, now: Timestamp) -> Judgement {
        let Some(engine) = &mut self.engine else {
            return Judgement::Done(answer::unconfigured(&mut self.metrics));
        };
        match ask(engine, &mut self.crypto, &mut self.clock, now) {
            Ok(Answer::Decision(decision)) => {
                Judgement::Done(answer::give(&decision, &mut self.metrics))
            }
            Ok(Answer::Refresh { feed, otherwise }) => Judgement::Wait { feed, otherwise },
            Err(error) => Judgement::Done(answer::fail(&error, &mut self.metrics)),
        }
    }

    fn show_key_sets(&mut self, now: Timestamp) {
        let Some(engine) = &self.engine else { return };
        let mut counts = [0_u64; GAUGES.len()];
        for feed in engine.feeds(now) {
            let state = GAUGES.iter().position(|(freshness, _)| *freshness == feed.freshness);
            if let Some(count) = state.and_then(|state| counts.get_mut(state)) {
                *count += 1;
            }
        }
        for ((_, name), count) in GAUGES.iter().zip(counts) {
            self.metrics.record(name, count);
        }
    }

    fn tick_every(&mut self, milliseconds: u32) {
        // Only on change: setting a period starts it anew, and a flood of requests that all ask for
        // a tick at once would put it off for ever.
        if self.tick_milliseconds == milliseconds {
            return;
        }
        match host::set_tick_period(milliseconds) {
            Ok(()) => self.tick_milliseconds = milliseconds,
            Err(error) => host::log(Level::Critical, &format!("no tick: {error}")),
        }
    }
}

/// Where a request stands after the engine has seen it.
enum Judgement {
    Done(Verdict),
    Wait { feed: FeedId, otherwise: Decision },
}

/// What the engine says of a request.
enum Answer {
    Decision(Decision),
    Refresh { feed: FeedId, otherwise: Decision },
}

fn ask(
    engine: &mut Engine,
    crypto: &mut Crypto,
    clock: &mut ClockWatch,
    now: Timestamp,
) -> Result<Answer, HostError> {
    let lines = host::header_map(HeaderMap::Request)?;
    let headers = host::parse_pairs(&lines)?;
    let request = Request {
        method: find(&headers, b":method"),
        authority: find(&headers, b":authority"),
        path: find(&headers, b":path"),
        headers: &headers,
        source: host::source(),
        ..Request::default()
    };
    let mut step = engine.begin(&request, now);
    clock.observe(&step);
    loop {
        match step {
            Step::Decided(decision) => return Ok(Answer::Decision(decision)),
            Step::Refresh { feed, otherwise } => return Ok(Answer::Refresh { feed, otherwise }),
            Step::Verify(pending) => {
                let outcome = crypto.verify(&pending.check());
                step = engine.finish(pending, outcome, now);
            }
        }
    }
}

/// The value of a pseudo-header, of which Envoy keeps at most one; empty if there is none.
fn find<'a>(headers: &[(&[u8], &'a [u8])], name: &[u8]) -> &'a [u8] {
    headers.iter().find(|(other, _)| *other == name).map_or(&[], |(_, value)| *value)
}

/// Makes the host calls that follow concern a request that waited.
fn act_for(context: u32) -> bool {
    match host::act_for(context) {
        Ok(()) => true,
        Err(error) => {
            host::log(Level::Warning, &format!("a request is lost, as {error}"));
            false
        }
    }
}

/// How long a request waits for a key set, in milliseconds.
const PATIENCE: u64 = 2_000;

/// Milliseconds to the tick after a configuration or after a request began to wait.
const TICK_AT_ONCE: u32 = 1;
/// Milliseconds between ticks while requests wait: how late their deadline may be kept.
const TICK_WHILE_WAITING: u32 = 50;
/// Milliseconds between ticks otherwise.
const TICK_AT_REST: u32 = 1_000;

/// The states of a key set, each with the gauge that counts the key sets in it.
const GAUGES: [(Freshness, &str); 4] = [
    (Freshness::Fresh, "edgelatch.key_sets.fresh"),
    (Freshness::Stale, "edgelatch.key_sets.stale"),
    (Freshness::Expired, "edgelatch.key_sets.expired"),
    (Freshness::Empty, "edgelatch.key_sets.empty"),
];
