//! The whole way of a request, in two halves around the signature check.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use crate::bearer::{self, BearerError, BearerText};
use crate::binding::{self, Possession, Presented, Replays};
use crate::claims::Claims;
use crate::clock::ClockGuard;
use crate::decision::{Allow, Decision, Deny, Facts};
use crate::fetch::{FeedId, FeedKind};
use crate::grant;
use crate::identity;
use crate::issuer_keys::CurrentKeys;
use crate::policy::{IssuerPolicy, Mode, Policy, Requirements, Route, RouteError};
use crate::rejection::Rejection;
use crate::request::Request;
use crate::signature::{SignatureCheck, SignatureOutcome};
use crate::time::Timestamp;
use crate::token;

mod feeds;
mod possession;
mod select;

use self::possession::{ProofQuestion, Question, authenticate_proof};
use self::select::Selection;

/// A policy at work: routes, current keys, and a clock guard. One per worker; it never waits.
#[derive(Clone, Debug)]
pub struct Engine {
    policy: Policy,
    /// One for each issuer of the policy, in its order.
    keys: Vec<CurrentKeys>,
    clock: ClockGuard,
    replays: Replays,
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
    question: Question,
    presented: Presented,
    /// Position in the policy.
    issuer: usize,
    /// Position in the policy.
    route: usize,
    source: Option<IpAddr>,
    remove: Vec<String>,
}

impl Pending {
    /// The question for the host.
    pub fn check(&self) -> SignatureCheck<'_> {
        self.question.signed().check()
    }
}

impl Engine {
    /// Puts a policy to work. Fetched key sets are empty until the host has fetched them.
    pub fn new(policy: Policy) -> Self {
        let keys = policy.issuers.iter().map(|issuer| CurrentKeys::new(issuer, 0)).collect();
        Self { policy, keys, clock: ClockGuard::default(), replays: Replays::default() }
    }

    /// The first half: everything before the signature.
    pub fn begin(&mut self, request: &Request<'_>, now: Timestamp) -> Step {
        let index = match self.policy.routes.find(request) {
            Ok(index) => index,
            Err(error) => return Step::Decided(self.without_route(error, request)),
        };
        let (maximum, schemes) = (self.policy.maximum_token_bytes, self.policy.schemes());
        let credential = match bearer::extract(request, maximum, schemes) {
            Ok(credential) => credential,
            Err(error) => return Step::Decided(self.without_token(index, error, request)),
        };
        let presented = match self.policy.presented(request, credential) {
            Ok(presented) => presented,
            Err(error) => {
                return Step::Decided(self.refuse(index, Rejection::Binding(error), request));
            }
        };
        match self.choose_key(credential.text, now) {
            Selection::Chosen { issuer, signed } => Step::Verify(Pending {
                question: Question::Token(signed),
                presented,
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
                    Decision::Deny(_) => {
                        Step::Refresh { feed: FeedId { issuer, kind: FeedKind::KeySet }, otherwise }
                    }
                }
            }
        }
    }

    /// The second half: the outcome of the signature check, then claims and policy. The step may ask
    /// for one more check, of another signature that came along; the host asks on until it is decided.
    pub fn finish(&mut self, pending: Pending, outcome: SignatureOutcome, now: Timestamp) -> Step {
        let Pending { question, presented, issuer, route: index, source, remove } = pending;
        let (Some(route), Some(policy)) =
            (self.policy.routes.get(index), self.policy.issuers.get(issuer))
        else {
            return Step::Decided(Decision::Deny(Deny::new(Rejection::NoPolicy)));
        };
        let mut facts = Facts { route: Some(Arc::clone(&route.name)), ..Facts::default() };
        let caller = Caller { policy: &self.policy, issuer, source };
        let judged =
            self.clock.check(now).map_err(Rejection::Clock).and_then(|()| match question {
                Question::Token(signed) => {
                    let token = signed.authenticate(outcome).map_err(Rejection::Signature)?;
                    let claims = Claims::parse(&token, &policy.issuer).map_err(Rejection::Claim)?;
                    name_caller(&claims, policy, &mut facts);
                    let possession = caller.check(&claims, policy, &presented, route, now)?;
                    Ok((claims, possession))
                }
                Question::Proof(question) => {
                    let ProofQuestion { claims, signed, id } = *question;
                    name_caller(&claims, policy, &mut facts);
                    authenticate_proof(signed, outcome)?;
                    // The answer may have taken its time.
                    claims.check_time(&policy.rules, now).map_err(Rejection::Claim)?;
                    let maximum = self.policy.proofs.map_or(0, |rules| rules.maximum_proofs);
                    self.replays.record(id, maximum, now).map_err(Rejection::Binding)?;
                    Ok((claims, Possession::Shown))
                }
            });
        match judged {
            Ok((claims, Possession::Shown)) => {
                Step::Decided(self.allow(&claims, policy, remove, facts))
            }
            Ok((claims, Possession::Claimed { signed, id })) => Step::Verify(Pending {
                question: Question::Proof(ProofQuestion { claims, signed, id }.into()),
                presented: Presented::default(),
                issuer,
                route: index,
                source,
                remove,
            }),
            Err(rejection) => Step::Decided(self.refuse_at(route, rejection, remove, facts)),
        }
    }

    /// Whether a client's header or trailer of this name must not reach the upstream. [`Allow::remove`]
    /// has the header lines of the request; trailers come later, and the host asks for each of them.
    pub fn is_reserved_header(&self, name: &[u8]) -> bool {
        let policy = &self.policy;
        policy.forward.is_reserved(name) || policy.certificates.is_forged(name, None)
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

    /// What no route is for is refused, or only noted while the operator still looks for the routes.
    fn without_route(&self, error: RouteError, request: &Request<'_>) -> Decision {
        let rejection = Rejection::Route(error);
        match self.policy.default_mode {
            Mode::Observe => {
                let remove = self.reserved_headers(request);
                self.note(rejection, remove, Facts::default())
            }
            Mode::Enforce | Mode::Public => Decision::Deny(Deny::new(rejection)),
        }
    }

    /// A public route lets a request without credentials pass. One with broken credentials is never
    /// taken for one without: that would turn a typing error into an anonymous call.
    fn without_token(&self, index: usize, error: BearerError, request: &Request<'_>) -> Decision {
        let public = self.policy.routes.get(index).filter(|route| route.mode == Mode::Public);
        let Some(route) = public.filter(|_| error == BearerError::Missing) else {
            return self.refuse(index, Rejection::Bearer(error), request);
        };
        let networks = route.requirements.networks.as_deref();
        if let Err(error) = grant::check_network(request.source, networks) {
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
        self.note(rejection, remove, facts)
    }

    /// Lets a request pass that would have been refused, and tells the upstream if it wants to know.
    fn note(&self, rejection: Rejection, remove: Vec<String>, facts: Facts) -> Decision {
        let name = self.policy.forward.would_deny.iter();
        let set = name.map(|name| (name.clone(), rejection.code().into())).collect();
        Decision::Allow(Allow { set, remove, would_deny: Some(rejection), facts })
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
        identity::reserved(&self.policy, request)
    }
}

/// Who the caller is, apart from the token's claims.
struct Caller<'a> {
    policy: &'a Policy,
    /// Position in the policy.
    issuer: usize,
    source: Option<IpAddr>,
}

impl Caller<'_> {
    /// Everything that depends on the time, the sender or the route, asked anew for every request.
    fn check(
        &self,
        claims: &Claims,
        issuer: &IssuerPolicy,
        presented: &Presented,
        route: &Route,
        now: Timestamp,
    ) -> Result<Possession, Rejection> {
        let required = &route.requirements;
        claims.check_time(&issuer.rules, now).map_err(Rejection::Claim)?;
        let audiences = required.audiences.as_ref().unwrap_or(&issuer.audiences);
        claims.check_audience(audiences).map_err(Rejection::Claim)?;
        let possession = binding::check(
            claims.confirmation.as_ref(),
            presented,
            self.policy.proofs.as_ref(),
            issuer.rules.clock_skew_seconds,
            now,
        )
        .map_err(Rejection::Binding)?;
        self.check_grant(claims, required)?;
        Ok(possession)
    }

    /// What the policy grants to this caller.
    fn check_grant(&self, claims: &Claims, required: &Requirements) -> Result<(), Rejection> {
        grant::check_binding(claims, required).map_err(Rejection::Binding)?;
        let of_client = self.policy.clients.find(self.issuer, &claims.client_id);
        for networks in [required.networks.as_deref(), of_client] {
            grant::check_network(self.source, networks).map_err(Rejection::Grant)?;
        }
        grant::check(claims, self.issuer, required).map_err(Rejection::Grant)
    }
}

fn name_caller(claims: &Claims, policy: &IssuerPolicy, facts: &mut Facts) {
    facts.issuer = Some(Arc::clone(&policy.issuer));
    facts.client_id = Some(claims.client_id.clone());
    facts.token_id = Some(claims.token_id.clone());
}

#[cfg(test)]
mod tests;
