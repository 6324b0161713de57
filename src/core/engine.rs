//! The whole way of a request, in two halves around the signature check.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::bearer::{self, BearerError, BearerText};
use crate::claims::Claims;
use crate::clock::ClockGuard;
use crate::decision::{Allow, Decision, Deny, Facts};
use crate::feed::Freshness;
use crate::grant;
use crate::identity;
use crate::issuer_keys::{CurrentKeys, FetchOutcome, FetchResponse};
use crate::policy::{IssuerPolicy, Mode, Policy, Route, Uri};
use crate::rejection::Rejection;
use crate::request::Request;
use crate::signature::{SignatureCheck, SignatureOutcome, Signed};
use crate::time::Timestamp;
use crate::token;

mod select;

use self::select::Selection;

/// A policy at work: routes, current keys, and a clock guard. One per worker; it never waits.
#[derive(Clone, Debug)]
pub struct Engine {
    policy: Policy,
    /// One for each issuer of the policy, in its order.
    keys: Vec<CurrentKeys>,
    clock: ClockGuard,
}

/// How a request goes on.
#[derive(Clone, Debug)]
pub enum Step {
    /// It does not: this is the decision.
    Decided(Decision),
    /// A key is missing that a fetch may bring. The host lets the request wait, polls for the fetch,
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
    signed: Signed,
    /// Position in the policy.
    issuer: usize,
    /// Position in the policy.
    route: usize,
    source: Option<IpAddr>,
    remove: Vec<String>,
}

/// One of the engine's feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedId(usize);

/// A fetch that the host should make now: GET, no redirects, at most 64 KiB, a few seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Whom to give the answer to.
    pub feed: FeedId,
    /// What to get.
    pub uri: Uri,
    /// The Envoy cluster, if the policy names one.
    pub cluster: Option<String>,
}

/// How up to date the keys of an issuer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedState<'a> {
    /// The feed.
    pub feed: FeedId,
    /// The issuer.
    pub issuer: &'a str,
    /// How far its keys may be trusted.
    pub freshness: Freshness,
    /// Seconds since they came.
    pub age_seconds: Option<u64>,
}

impl Pending {
    /// The question for the host.
    pub fn check(&self) -> SignatureCheck<'_> {
        self.signed.check()
    }
}

impl Engine {
    /// Puts a policy to work. Fetched key sets are empty until the host has fetched them.
    pub fn new(policy: Policy) -> Self {
        let keys = policy.issuers.iter().map(CurrentKeys::new).collect();
        Self { policy, keys, clock: ClockGuard::default() }
    }

    /// The first half: everything before the signature.
    pub fn begin(&mut self, request: &Request<'_>, now: Timestamp) -> Step {
        let index = match self.policy.routes.find(request) {
            Ok(index) => index,
            Err(error) => {
                return Step::Decided(Decision::Deny(Deny::new(Rejection::Route(error))));
            }
        };
        let text = match bearer::extract(request, self.policy.maximum_token_bytes) {
            Ok(text) => text,
            Err(error) => return Step::Decided(self.without_token(index, error, request)),
        };
        match self.choose_key(text, now) {
            Selection::Chosen { issuer, signed } => Step::Verify(Pending {
                signed,
                issuer,
                route: index,
                source: request.source,
                remove: self.reserved_headers(request),
            }),
            Selection::Refused(rejection) => Step::Decided(self.refuse(index, rejection, request)),
            Selection::Refresh { issuer, rejection } => {
                let otherwise = self.refuse(index, rejection, request);
                match otherwise {
                    // What would pass anyway does not wait.
                    Decision::Allow(_) => Step::Decided(otherwise),
                    Decision::Deny(_) => Step::Refresh { feed: FeedId(issuer), otherwise },
                }
            }
        }
    }

    /// The second half: the outcome of the signature check, then claims and policy.
    pub fn finish(
        &mut self,
        pending: Pending,
        outcome: SignatureOutcome,
        now: Timestamp,
    ) -> Decision {
        let Pending { signed, issuer, route: index, source, remove } = pending;
        let (Some(route), Some(policy)) =
            (self.policy.routes.get(index), self.policy.issuers.get(issuer))
        else {
            return Decision::Deny(Deny::new(Rejection::NoPolicy));
        };
        let mut facts = Facts { route: Some(Arc::clone(&route.name)), ..Facts::default() };
        let caller = Caller { policy, issuer, source };
        match self.clock.check(now).map_err(Rejection::Clock).and_then(|()| {
            let claims = authenticate(signed, outcome, policy, &mut facts)?;
            caller.check(&claims, route, now)?;
            Ok(claims)
        }) {
            Ok(claims) => self.allow(&claims, policy, remove, facts),
            Err(rejection) => self.refuse_at(route, rejection, remove, facts),
        }
    }

    /// Whether a client's header or trailer of this name must not reach the upstream. [`Allow::remove`]
    /// has the header lines of the request; trailers come later, and the host asks for each of them.
    pub fn is_reserved_header(&self, name: &[u8]) -> bool {
        self.policy.forward.is_reserved(name)
    }

    /// The next fetch that is due, if any; the host asks again until there is none.
    pub fn poll(&mut self, now: Timestamp) -> Option<Fetch> {
        let due = self.keys.iter_mut().position(|keys| keys.start_fetch(now))?;
        let source = self.policy.key_set_sources().find(|source| source.index == due)?;
        Some(Fetch {
            feed: FeedId(due),
            uri: source.uri.clone(),
            cluster: source.envoy_cluster.map(Into::into),
        })
    }

    /// Takes the answer to a fetch.
    pub fn accept(
        &mut self,
        feed: FeedId,
        response: FetchResponse<'_>,
        now: Timestamp,
    ) -> FetchOutcome {
        match self.keys.get_mut(feed.0) {
            Some(keys) => keys.accept(response, now),
            None => FetchOutcome::Kept(crate::issuer_keys::FetchError::Unexpected),
        }
    }

    /// The state of every feed.
    pub fn feeds(&self, now: Timestamp) -> impl Iterator<Item = FeedState<'_>> {
        let issuers = self.policy.issuers.iter().zip(&self.keys).enumerate();
        issuers.filter_map(move |(index, (issuer, keys))| {
            let feed = keys.feed()?;
            Some(FeedState {
                feed: FeedId(index),
                issuer: &issuer.issuer,
                freshness: feed.freshness(now),
                age_seconds: feed.age_seconds(now),
            })
        })
    }

    fn choose_key(&mut self, text: BearerText<'_>, now: Timestamp) -> Selection {
        if let Err(error) = self.clock.check(now) {
            return Selection::Refused(Rejection::Clock(error));
        }
        match token::parse(text) {
            Ok(token) => self.select(token, now),
            Err(error) => Selection::Refused(Rejection::Token(error)),
        }
    }

    /// A public route lets a request without credentials pass. One with broken credentials is never
    /// taken for one without: that would turn a typing error into an anonymous call.
    fn without_token(&self, index: usize, error: BearerError, request: &Request<'_>) -> Decision {
        let public = self.policy.routes.get(index).filter(|route| route.mode == Mode::Public);
        let Some(route) = public.filter(|_| error == BearerError::Missing) else {
            return self.refuse(index, Rejection::Bearer(error), request);
        };
        if let Err(error) = grant::check_network(request.source, &route.requirements) {
            return self.refuse(index, Rejection::Grant(error), request);
        }
        let facts = Facts { route: Some(Arc::clone(&route.name)), ..Facts::default() };
        Decision::Allow(Allow { remove: self.reserved_headers(request), facts, ..Allow::default() })
    }

    /// A refusal before anything is known about the caller.
    fn refuse(&self, index: usize, rejection: Rejection, request: &Request<'_>) -> Decision {
        let Some(route) = self.policy.routes.get(index) else {
            return Decision::Deny(Deny::new(rejection));
        };
        let facts = Facts { route: Some(Arc::clone(&route.name)), ..Facts::default() };
        // A flood of bad requests must not cost more than it has to: what is denied loses no headers.
        let remove = match route.mode {
            Mode::Observe => self.reserved_headers(request),
            Mode::Enforce | Mode::Public => Vec::new(),
        };
        self.refuse_at(route, rejection, remove, facts)
    }

    /// Enforced routes refuse; observed ones report and let pass, without any identity. Credentials
    /// that are not ours, such as those of the upstream's own login, pass an observed route untouched.
    fn refuse_at(
        &self,
        route: &Route,
        rejection: Rejection,
        mut remove: Vec<String>,
        facts: Facts,
    ) -> Decision {
        if route.mode != Mode::Observe {
            let required_scope = route.requirements.scope_text();
            return Decision::Deny(Deny { rejection, required_scope, facts });
        }
        if facts.client_id.is_some() {
            identity::hide_token(&self.policy.forward, &mut remove);
        }
        Decision::Allow(Allow { set: Vec::new(), remove, would_deny: Some(rejection), facts })
    }

    fn allow(
        &self,
        claims: &Claims,
        issuer: &IssuerPolicy,
        mut remove: Vec<String>,
        facts: Facts,
    ) -> Decision {
        identity::hide_token(&self.policy.forward, &mut remove);
        let set = identity::headers(&self.policy.forward, claims, &issuer.issuer, &facts);
        Decision::Allow(Allow { set, remove, would_deny: None, facts })
    }

    fn reserved_headers(&self, request: &Request<'_>) -> Vec<String> {
        identity::reserved(&self.policy.forward, request)
    }
}

/// Who the caller is, apart from the token's claims.
struct Caller<'a> {
    policy: &'a IssuerPolicy,
    issuer: usize,
    source: Option<IpAddr>,
}

impl Caller<'_> {
    /// Everything that depends on the time or on the route, asked anew for every request.
    fn check(&self, claims: &Claims, route: &Route, now: Timestamp) -> Result<(), Rejection> {
        let required = &route.requirements;
        claims.check_time(&self.policy.rules, now).map_err(Rejection::Claim)?;
        let audiences = required.audiences.as_ref().unwrap_or(&self.policy.audiences);
        claims.check_audience(audiences).map_err(Rejection::Claim)?;
        claims.check_binding().map_err(Rejection::Claim)?;
        grant::check_network(self.source, required).map_err(Rejection::Grant)?;
        grant::check(claims, self.issuer, required).map_err(Rejection::Grant)
    }
}

fn authenticate(
    signed: Signed,
    outcome: SignatureOutcome,
    policy: &IssuerPolicy,
    facts: &mut Facts,
) -> Result<Claims, Rejection> {
    let token = signed.authenticate(outcome).map_err(Rejection::Signature)?;
    let claims = Claims::parse(&token, &policy.issuer).map_err(Rejection::Claim)?;
    facts.issuer = Some(Arc::clone(&policy.issuer));
    facts.client_id = Some(claims.client_id.clone());
    facts.token_id = Some(claims.token_id.clone());
    Ok(claims)
}

#[cfg(test)]
mod tests;
