//! One policy at work, as JavaScript holds it.

use edgelatch_core::{
    Decision, Deny, Engine, FeedId, Pending, Policy, Rejection, Remembered, SignatureOutcome, Step,
    Timestamp, software,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::input::{self, Parsed, Shape};
use crate::interned::Interned;
use crate::keys::Keys;
use crate::known::KnownTokens;
use crate::tell;
use crate::verdict::{Kind, number};
use crate::waiting::Waiting;

/// What is wrong with a policy, as `path: message [code]`; nothing if it is right.
#[wasm_bindgen]
#[must_use]
pub fn check_policy(json: &str) -> Option<String> {
    Policy::from_json(json.as_bytes()).err().map(|error| error.to_string())
}

/// An engine, what is under way in it, and the memory through which requests come in.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Gate {
    pub(crate) engine: Engine,
    pub(crate) feeds: Vec<FeedId>,
    input: Vec<u8>,
    waiting: Waiting,
    /// Whether JavaScript recognises tokens by their text.
    remembers: bool,
    known: KnownTokens,
    keys: Keys,
    interned: Interned,
    last: Last,
}

/// What JavaScript may ask about the verdict it got last.
#[derive(Debug, Default)]
struct Last {
    decision: Option<Decision>,
    /// The number of who waits for a signature check.
    pending: u32,
    /// The feed that may help.
    awaited: Option<FeedId>,
    /// The token, if it was seen before.
    token: Option<Remembered>,
}

#[wasm_bindgen]
impl Gate {
    /// Puts a policy to work. `seed` is a random number that callers cannot know; `remembers` says whether the host
    /// asks for numbers of tokens that come again.
    ///
    /// # Errors
    ///
    /// What is wrong with the policy, as from `check_policy`.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, seed: u64, remembers: bool) -> Result<Gate, String> {
        let policy = Policy::from_json(json.as_bytes()).map_err(|error| error.to_string())?;
        let feeds = policy.feed_sources().map(|source| source.feed).collect();
        Ok(Self {
            engine: Engine::with_seed(policy, seed),
            feeds,
            input: Vec::new(),
            waiting: Waiting::default(),
            remembers,
            known: KnownTokens::default(),
            keys: Keys::default(),
            interned: Interned::default(),
            last: Last::default(),
        })
    }

    /// Makes room for a request and says where.
    pub fn input(&mut self, length: usize) -> *mut u8 {
        if self.input.len() < length {
            self.input.resize(length, 0);
        }
        self.input.as_mut_ptr()
    }

    /// The first half of a decision, about the request in `input`.
    #[expect(
        clippy::too_many_arguments,
        reason = "numbers cross the boundary for nothing, an object does not"
    )]
    pub fn begin(
        &mut self,
        length: usize,
        method: usize,
        authority: usize,
        path: usize,
        source: usize,
        flags: u32,
        now: f64,
    ) -> u32 {
        let shape = Shape { method, authority, path, source, flags };
        let input = core::mem::take(&mut self.input);
        let parsed = input.get(..length).and_then(|bytes| input::parse(bytes, shape));
        let number = parsed.map_or(Kind::Misused as u32, |parsed| {
            let step = parsed.with(|request| self.engine.begin(request, seconds(now)));
            // Allowed without a question: it was seen before and may well come again. Most new tokens are
            // never seen twice, and JavaScript would pay for keeping them.
            let is_allowed = matches!(step, Step::Decided(Decision::Allow(_)));
            let text = if self.remembers && is_allowed { memorable(&parsed) } else { None };
            let token = text.and_then(|text| self.engine.remember(text));
            self.take(step, token)
        });
        self.input = input;
        number
    }

    /// The same for a request whose only credential is a token that was remembered.
    #[expect(
        clippy::too_many_arguments,
        reason = "numbers cross the boundary for nothing, an object does not"
    )]
    pub fn begin_remembered(
        &mut self,
        token: u32,
        length: usize,
        method: usize,
        authority: usize,
        path: usize,
        source: usize,
        flags: u32,
        now: f64,
    ) -> u32 {
        let shape = Shape { method, authority, path, source, flags };
        let (Some(token), Some(bytes)) = (self.known.get(token), self.input.get(..length)) else {
            return Kind::Misused as u32;
        };
        let Some(parsed) = input::parse(bytes, shape) else { return Kind::Misused as u32 };
        let step =
            parsed.with(|request| self.engine.begin_remembered(token, request, seconds(now)));
        match step {
            Some(step) => self.take(step, None),
            None => Kind::Forgotten as u32,
        }
    }

    /// Until when a request that was allowed with a remembered token would be allowed again, if no fetch is answered
    /// and the clock is not set back; milliseconds.
    #[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
    pub fn holds_until(&self, token: u32) -> f64 {
        self.known
            .get(token)
            .map_or(0.0, |token| self.engine.holds_until(token).as_unix_seconds() as f64 * 1000.0)
    }

    /// Notes a time at which requests were last allowed without being asked about.
    pub fn saw(&mut self, now: f64) {
        self.engine.saw(seconds(now));
    }

    /// The second half: a signature that `pending` asked about is valid (1), is not (0), or cannot be checked (2).
    pub fn finish(&mut self, pending: u32, outcome: u32, now: f64) -> u32 {
        let outcome = match outcome {
            1 => SignatureOutcome::Valid,
            0 => SignatureOutcome::Invalid,
            _ => SignatureOutcome::Unsupported,
        };
        let Some(pending) = self.waiting.take(pending) else { return Kind::Misused as u32 };
        if outcome == SignatureOutcome::Valid {
            software::prepare(pending.check().key);
        }
        self.go_on(pending, outcome, now)
    }

    /// Whether this check is faster here than in most runtimes.
    pub fn is_faster_here(&self, pending: u32) -> bool {
        let pending = self.waiting.get(pending);
        pending.is_some_and(|pending| software::is_prepared(pending.check().key))
    }

    /// Checks the signature here, then as `finish`.
    pub fn finish_here(&mut self, pending: u32, now: f64) -> u32 {
        let Some(pending) = self.waiting.take(pending) else { return Kind::Misused as u32 };
        let outcome = software::verify(&pending.check());
        self.go_on(pending, outcome, now)
    }

    /// The number of the request that waits for a signature check.
    pub fn pending(&self) -> u32 {
        self.last.pending
    }

    /// The number of the key that has to have signed.
    pub fn question_key(&mut self, pending: u32) -> u32 {
        let pending = self.waiting.get(pending);
        pending.map_or(u32::MAX, |pending| self.keys.number(pending.check().key))
    }

    /// Where the signed message is, until the next call.
    pub fn question_message(&self, pending: u32) -> *const u8 {
        self.question(pending).0.as_ptr()
    }

    /// Bytes of the message.
    pub fn question_message_length(&self, pending: u32) -> usize {
        self.question(pending).0.len()
    }

    /// Where the signature is, until the next call.
    pub fn question_signature(&self, pending: u32) -> *const u8 {
        self.question(pending).1.as_ptr()
    }

    /// Bytes of the signature.
    pub fn question_signature_length(&self, pending: u32) -> usize {
        self.question(pending).1.len()
    }

    /// A key as JSON Web Key; nothing if the number is too old.
    pub fn key(&self, number: u32) -> Option<String> {
        self.keys.jwk(number)
    }

    /// Remembers the token that was allowed last and gives it a number; nothing if it is not kept.
    pub fn remember(&mut self) -> Option<u32> {
        let token = self.last.token.take()?;
        let Some(Decision::Allow(_)) = self.last.decision else { return None };
        self.known.insert(token)
    }

    /// Forgets a remembered token; its number will be used again.
    pub fn forget(&mut self, token: u32) {
        self.known.remove(token);
    }

    /// A number for what `decision` would say; nothing if the request was not allowed.
    pub fn decision_number(&mut self) -> Option<u32> {
        match &self.last.decision {
            Some(Decision::Allow(allow)) => Some(self.interned.number(allow)),
            _ => None,
        }
    }

    /// What there is to say about the last decision, as `tell` writes it. Only once: whoever asks later would be told about another request.
    pub fn decision(&mut self) -> Option<String> {
        self.last.decision.take().map(|decision| tell::decision(&decision))
    }

    /// Refuses for a reason that JavaScript found, by its place in `Rejection::ALL`.
    pub fn refuse(&mut self, reason: usize) -> u32 {
        match Rejection::ALL.get(reason) {
            Some(rejection) => self.decide(Decision::Deny(Deny::new(*rejection))),
            None => Kind::Misused as u32,
        }
    }

    /// The verdict for a request that shall not wait any longer.
    pub fn give_up(&mut self) -> u32 {
        match self.last.decision.take() {
            Some(decision) => self.decide(decision),
            None => Kind::Misused as u32,
        }
    }

    /// The place of the feed that may help, as in `poll`.
    pub fn awaited(&self) -> Option<u32> {
        let place = self.feeds.iter().position(|feed| Some(*feed) == self.last.awaited)?;
        u32::try_from(place).ok()
    }

    /// Whether a client's header line of this name must not reach an upstream.
    pub fn is_reserved(&self, name: &str) -> bool {
        self.engine.is_reserved_header(name.as_bytes())
    }

    /// Whether requests are judged by the address they come from.
    pub fn uses_source(&self) -> bool {
        self.engine.uses_source()
    }

    /// Whether requests are judged by the client's certificate.
    pub fn uses_certificate(&self) -> bool {
        self.engine.uses_certificate()
    }

    fn question(&self, pending: u32) -> (&[u8], &[u8]) {
        self.waiting.get(pending).map_or((&[], &[]), |pending| {
            let check = pending.check();
            (check.message, check.signature)
        })
    }

    fn go_on(&mut self, pending: Pending, outcome: SignatureOutcome, now: f64) -> u32 {
        let step = self.engine.finish(pending, outcome, seconds(now));
        self.take(step, None)
    }

    fn take(&mut self, step: Step, token: Option<Remembered>) -> u32 {
        match step {
            Step::Decided(decision) => {
                self.last = Last { token, ..Last::default() };
                self.decide(decision)
            }
            Step::Verify(pending) => {
                self.last = Last { pending: self.waiting.admit(pending), ..Last::default() };
                Kind::Verify as u32
            }
            Step::Refresh { feed, otherwise } => {
                self.last =
                    Last { awaited: Some(feed), decision: Some(otherwise), ..Last::default() };
                Kind::Refresh as u32
            }
        }
    }

    fn decide(&mut self, decision: Decision) -> u32 {
        let verdict = match &decision {
            Decision::Allow(allow) => number(Kind::Allow, allow.would_deny, &allow.facts),
            Decision::Deny(deny) => number(Kind::Deny, Some(deny.rejection), &deny.facts),
        };
        self.last.decision = Some(decision);
        verdict
    }
}

/// The text of the token in `Authorization: Bearer`, where nothing else of the header could mean anything.
fn memorable<'a>(parsed: &'a Parsed<'_>) -> Option<&'a str> {
    let text = core::str::from_utf8(parsed.single(b"authorization")?).ok()?;
    text.strip_prefix("Bearer ")
}

/// From milliseconds since 1970. What is no time becomes zero, which the engine refuses.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub(crate) fn seconds(milliseconds: f64) -> Timestamp {
    Timestamp::from_unix_seconds((milliseconds / 1000.0) as u64)
}
