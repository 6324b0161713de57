//! What one worker knows, and the way of its requests: decided at once, or after a wait for keys.

use crate::answer;
use crate::host::{self, Level};
use crate::judge::{Answer, Judge};
use crate::policy::Needs;
use crate::tell::{Tell, Update};
use crate::waiting::{Waiter, Waiting};
use edgelatch_core::{
    Decision, Engine, FeedId, FeedState, Fetch, FetchOutcome, FetchResponse, Freshness,
    Publication, Timestamp,
};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

pub(crate) use crate::answer::Verdict;

/// The gate as the root context and the requests of one worker share it.
pub(crate) type Shared = Rc<RefCell<Gate>>;

/// The judge of one worker and the requests that wait for keys.
#[derive(Debug)]
pub(crate) struct Gate {
    /// `None` until a configuration was accepted.
    judge: Option<Judge>,
    waiting: Waiting<FeedId, Decision>,
    /// Requests that waited, were let through and are not over yet.
    released: BTreeSet<u32>,
    tell: Tell,
    /// Milliseconds between ticks while nothing happens.
    rest: u32,
    tick_milliseconds: u32,
}

impl Gate {
    /// A gate that lets nobody through, for want of a policy.
    pub(crate) fn closed() -> Self {
        Self {
            judge: None,
            waiting: Waiting::new(),
            released: BTreeSet::new(),
            tell: Tell::default(),
            rest: TICK_AT_REST,
            tick_milliseconds: 0,
        }
    }

    /// Takes up a new engine, and asks for a first tick soon: feeds are fetched from there.
    pub(crate) fn open(&mut self, engine: Engine, needs: Needs) {
        let judge = Judge::new(engine, needs);
        self.tell.show(needs.detail);
        self.tell.crypto(&judge.crypto);
        self.judge = Some(judge);
        self.rest = if needs.quick_news { TICK_FOR_NEWS } else { TICK_AT_REST };
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
        let Some(judge) = &self.judge else { return Verdict::Hold };
        match answer::clean_trailers(&judge.engine) {
            Ok(()) => Verdict::Pass,
            Err(error) => {
                self.leave(context);
                answer::fail(&error, &mut self.tell)
            }
        }
    }

    /// The next fetch that is due.
    pub(crate) fn poll(&mut self, now: Timestamp) -> Option<Fetch> {
        self.judge.as_mut()?.engine.poll(now)
    }

    /// Leaves a fetch that was due to another engine.
    pub(crate) fn yield_fetch(&mut self, feed: FeedId, now: Timestamp) {
        if let Some(judge) = &mut self.judge {
            judge.engine.yield_fetch(feed, now);
        }
    }

    /// The document that a feed has in force.
    pub(crate) fn publication(&self, feed: FeedId) -> Option<Publication<'_>> {
        self.judge.as_ref()?.engine.publication(feed)
    }

    /// Hands the answer to a fetch to the engine, then judges again who waited for it.
    pub(crate) fn accept(
        &mut self,
        feed: FeedId,
        response: FetchResponse<'_>,
        now: Timestamp,
    ) -> Option<FetchOutcome> {
        let outcome = self.judge.as_mut()?.engine.accept(feed, response, now);
        self.note(feed, outcome, now);
        self.retry_for(feed, now);
        Some(outcome)
    }

    /// Hands a document that another engine fetched to this one, then judges again who waited for it.
    pub(crate) fn adopt(
        &mut self,
        feed: FeedId,
        publication: Publication<'_>,
        now: Timestamp,
    ) -> Option<FetchOutcome> {
        let outcome = self.judge.as_mut()?.engine.adopt(feed, publication, now);
        self.note(feed, outcome, now);
        if !matches!(outcome, FetchOutcome::Kept(_)) {
            self.retry_for(feed, now);
        }
        Some(outcome)
    }

    /// Whether a feed has something that may be used at the moment.
    pub(crate) fn is_usable(&self, feed: FeedId, now: Timestamp) -> bool {
        find_state(self.judge.as_ref(), feed, now)
            .is_some_and(|state| matches!(state.freshness, Freshness::Fresh | Freshness::Stale))
    }

    /// Counts how this engine came by news of a feed.
    pub(crate) fn count_update(&mut self, feed: FeedId, update: Update, now: Timestamp) {
        if let Some(state) = find_state(self.judge.as_ref(), feed, now) {
            self.tell.update(&state, update);
        }
    }

    /// A feed, as people know it.
    pub(crate) fn name(&self, feed: FeedId, now: Timestamp) -> String {
        find_state(self.judge.as_ref(), feed, now)
            .map_or_else(String::new, |state| format!("{} of {}", state.kind, state.issuer))
    }

    /// Answers who has waited long enough, shows the state of the feeds, and sets the next tick.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        let steady = host::steady_milliseconds();
        for (context, waiter) in self.waiting.take_late(steady) {
            if act_for(context) {
                let verdict = answer::give(&waiter.otherwise, &mut self.tell);
                self.go_on(context, verdict);
            }
        }
        if let Some(judge) = &self.judge {
            self.tell.tick(&judge.engine, now, steady);
        }
        self.tick_every(if self.waiting.is_empty() { self.rest } else { TICK_WHILE_WAITING });
    }

    fn note(&mut self, feed: FeedId, outcome: FetchOutcome, now: Timestamp) {
        if let FetchOutcome::Accepted(content) = outcome
            && let Some(state) = find_state(self.judge.as_ref(), feed, now)
        {
            self.tell.accepted(&state, content);
        }
    }

    fn retry_for(&mut self, feed: FeedId, now: Timestamp) {
        for (context, waiter) in self.waiting.take_for(&feed) {
            if act_for(context) {
                self.retry(context, waiter.deadline, now);
            }
        }
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
            Err(refused) => answer::give(&refused.otherwise, &mut self.tell),
        }
    }

    /// Decides the request in force and carries the decision out, unless it has to wait.
    fn judge(&mut self, now: Timestamp) -> Judgement {
        let Some(judge) = &mut self.judge else {
            return Judgement::Done(answer::unconfigured(&mut self.tell));
        };
        match judge.ask(&mut self.tell, now) {
            Ok(Answer::Decision(decision)) => {
                Judgement::Done(answer::give(&decision, &mut self.tell))
            }
            Ok(Answer::Refresh { feed, otherwise }) => Judgement::Wait { feed, otherwise },
            Err(error) => Judgement::Done(answer::fail(&error, &mut self.tell)),
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

fn find_state(judge: Option<&Judge>, feed: FeedId, now: Timestamp) -> Option<FeedState<'_>> {
    judge?.engine.feeds(now).find(|state| state.feed == feed)
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
/// Milliseconds between ticks where another worker may hear of a revoked token first.
const TICK_FOR_NEWS: u32 = 100;
/// Milliseconds between ticks otherwise.
const TICK_AT_REST: u32 = 1_000;
