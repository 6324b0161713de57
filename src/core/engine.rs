//! The whole way of a request, in two halves around the signature check.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::bearer::{self, BearerText};
use crate::binding::{Presented, Replays};
use crate::cache::{CacheStatistics, TokenCache};
use crate::clock::ClockGuard;
use crate::decision::{Decision, Deny, Facts};
use crate::fetch::{FeedId, FeedKind};
use crate::issuer_keys::CurrentKeys;
use crate::policy::{Policy, Route};
use crate::rejection::Rejection;
use crate::request::Request;
use crate::signature::{SignatureCheck, SignatureOutcome};
use crate::status::CurrentStatus;
use crate::time::Timestamp;
use crate::token::{self, Headers};

mod feeds;
mod judge;
mod known;
mod possession;
mod refuse;
mod remembered;
mod select;

use self::possession::Question;
pub use self::remembered::Remembered;
use self::select::Selection;

/// A policy at work: routes, current keys and lists, known tokens, and a clock guard. One per worker; it
/// never waits.
#[derive(Clone, Debug)]
pub struct Engine {
    policy: Policy,
    /// One for each issuer of the policy, in its order.
    keys: Vec<CurrentKeys>,
    /// One for each issuer of the policy, in its order; none where no list is asked.
    statuses: Vec<Option<CurrentStatus>>,
    headers: Headers,
    cache: TokenCache,
    clock: ClockGuard,
    replays: Replays,
}

/// How a request goes on.
#[derive(Clone, Debug)]
pub enum Step {
    /// It does not: this is the decision.
    Decided(Decision),
    /// Something is missing that a fetch may bring. The host lets the request wait, polls for the fetch,
    /// and begins again when its answer was accepted; after its own deadline it takes `otherwise`.
    Refresh {
        /// The feed to wait for.
        feed: FeedId,
        /// The decision without waiting.
        otherwise: Decision,
    },
    /// The signature has to be checked; [`Engine::finish`] takes the outcome.
    Verify(Pending),
}

/// A request that waits for the outcome of its signature check.
#[derive(Clone, Debug)]
pub struct Pending {
    question: Question,
    of: Circumstances,
}

/// What of a request is needed behind the check of its token.
#[derive(Clone, Debug)]
struct Circumstances {
    presented: Presented,
    /// Position in the policy.
    issuer: usize,
    /// Position in the policy.
    route: usize,
    source: Option<IpAddr>,
    remove: Vec<Cow<'static, str>>,
    detail: Detail,
}

/// How much of a decision its host wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// All of it.
    Whole,
    /// Of an allowed request only the route: who calls, and what changes, the host has from an earlier one.
    Verdict,
}

impl Pending {
    /// The question for the host.
    pub fn check(&self) -> SignatureCheck<'_> {
        self.question.signed().check()
    }
}

impl Engine {
    /// Puts a policy to work. Fetched documents are empty until the host has fetched them.
    pub fn new(policy: Policy) -> Self {
        Self::with_seed(policy, 0)
    }

    /// The same with a number that differs between the engines of a fleet, so that they do not fetch in
    /// step, and that callers cannot know, so that they cannot choose tokens that fall together in a
    /// table.
    pub fn with_seed(policy: Policy, seed: u64) -> Self {
        let statuses = policy.issuers.iter().map(|issuer| {
            let list = issuer.status_list.as_ref()?;
            Some(CurrentStatus::new(issuer, list, seed))
        });
        Self {
            statuses: statuses.collect(),
            keys: policy.issuers.iter().map(|issuer| CurrentKeys::new(issuer, seed)).collect(),
            headers: Headers::default(),
            cache: TokenCache::new(policy.token_cache, seed),
            policy,
            clock: ClockGuard::default(),
            replays: Replays::default(),
        }
    }

    /// The first half: everything before the signature.
    pub fn begin(&mut self, request: &Request<'_>, now: Timestamp) -> Step {
        let route = match self.policy.routes.find(request) {
            Ok(route) => route,
            Err(error) => return Step::Decided(self.without_route(error, request)),
        };
        let (maximum, schemes) = (self.policy.maximum_token_bytes, self.policy.schemes());
        let credential = match bearer::extract(request, maximum, schemes) {
            Ok(credential) => credential,
            Err(error) => return Step::Decided(self.without_token(route, error, request)),
        };
        let presented = match self.policy.presented(request, credential) {
            Ok(presented) => presented,
            Err(error) => {
                return Step::Decided(self.refuse(route, Rejection::Binding(error), request));
            }
        };
        let circumstances = |engine: &Self, issuer| Circumstances {
            presented,
            issuer,
            route,
            source: request.source,
            remove: engine.reserved_headers(request),
            detail: Detail::Whole,
        };
        match self.choose_key(credential.text, now) {
            Selection::Known { issuer, claims } => {
                let of = circumstances(self, issuer);
                self.judge(claims, of, now)
            }
            Selection::Chosen { issuer, signed } => Step::Verify(Pending {
                question: Question::Token(signed),
                of: circumstances(self, issuer),
            }),
            Selection::Refused(rejection) => Step::Decided(self.refuse(route, rejection, request)),
            Selection::Refresh { issuer, rejection } => {
                let feed = FeedId { issuer, kind: FeedKind::KeySet };
                wait(feed, self.refuse(route, rejection, request))
            }
        }
    }

    /// The second half: the outcome of the signature check, then claims and policy. The step may ask
    /// for one more check, of another signature that came along; the host asks on until it is decided.
    pub fn finish(&mut self, pending: Pending, outcome: SignatureOutcome, now: Timestamp) -> Step {
        let Pending { question, of } = pending;
        match question {
            Question::Token(signed) => match self.authenticate(signed, of.issuer, outcome, now) {
                Ok(claims) => self.judge(claims, of, now),
                Err(rejection) => Step::Decided(self.refuse_stranger(rejection, of)),
            },
            Question::Proof(question) => {
                Step::Decided(self.finish_proof(*question, of, outcome, now))
            }
        }
    }

    /// Whether a client's header or trailer of this name must not reach the upstream.
    /// [`Allow::remove`](crate::Allow::remove) has the header lines of the request; trailers come later,
    /// and the host asks for each of them.
    pub fn is_reserved_header(&self, name: &[u8]) -> bool {
        let policy = &self.policy;
        policy.forward.is_reserved(name) || policy.certificates.is_forged(name, None)
    }

    /// Whether requests are judged by the address they come from; a host need not find it out otherwise.
    pub fn uses_source(&self) -> bool {
        self.policy.uses_source()
    }

    /// Whether requests are judged by the certificate of their connection.
    pub fn uses_certificate(&self) -> bool {
        self.policy.uses_certificate()
    }

    /// How well the cache of verified tokens serves.
    pub fn cache_statistics(&self) -> CacheStatistics {
        self.cache.statistics()
    }

    fn choose_key(&mut self, text: BearerText<'_>, now: Timestamp) -> Selection {
        if let Err(error) = self.clock.check(now) {
            return Selection::Refused(Rejection::Clock(error));
        }
        if let Some(known) = self.recall(text.as_str(), now) {
            return known;
        }
        match token::parse(text, &mut self.headers) {
            Ok(token) => self.select(token, now),
            Err(error) => Selection::Refused(Rejection::Token(error)),
        }
    }
}

/// What would pass anyway does not wait.
fn wait(feed: FeedId, otherwise: Decision) -> Step {
    match otherwise {
        Decision::Allow(_) => Step::Decided(otherwise),
        Decision::Deny(_) => Step::Refresh { feed, otherwise },
    }
}

/// What is known about a request before its caller is.
fn facts_of(route: &Route) -> Facts {
    Facts { route: Some(route.name.clone()), ..Facts::default() }
}

/// For a place that cannot be reached, since positions come from the policy itself.
fn without_policy() -> Decision {
    Decision::Deny(Deny::new(Rejection::NoPolicy))
}

#[cfg(test)]
mod tests;
