//! From the outcome of the signature check to the decision: claims, status, possession and policy.

use alloc::sync::Arc;
use core::net::IpAddr;

use super::possession::{ProofQuestion, Question, authenticate_proof};
use super::{Circumstances, Detail, Engine, Pending, Step, facts_of, wait, without_policy};
use crate::binding::{self, Possession, Presented};
use crate::cache::{Known, Refusal};
use crate::claims::Claims;
use crate::decision::{Allow, Decision, Facts};
use crate::fetch::{FeedId, FeedKind};
use crate::grant;
use crate::policy::{IssuerPolicy, Policy, Requirements, Route};
use crate::rejection::Rejection;
use crate::signature::{SignatureOutcome, Signed};
use crate::status::{CurrentStatus, StatusError};
use crate::time::Timestamp;

impl Engine {
    /// Takes the host's answer about a token, and keeps what it says about the text.
    pub(super) fn authenticate(
        &mut self,
        signed: Signed,
        issuer: usize,
        outcome: SignatureOutcome,
        now: Timestamp,
    ) -> Result<Arc<Claims>, Rejection> {
        self.clock.check(now).map_err(Rejection::Clock)?;
        self.cache.count_miss();
        let policy = self.policy.issuers.get(issuer).ok_or(Rejection::NoPolicy)?;
        if outcome == SignatureOutcome::Invalid {
            let key = Arc::clone(signed.key());
            self.cache.refuse(signed.text(), Refusal::Signature { issuer, key });
        }
        let token = signed.authenticate(outcome).map_err(Rejection::Signature)?;
        let list = policy.status_list.as_ref().map(|list| list.name.as_str());
        let claims = Claims::parse(&token, &policy.issuer, policy.profile, list)
            .map_err(Rejection::Claim)?;
        let claims = Arc::new(claims);
        // One that is over would never be asked for with success.
        if claims.check_time(&policy.rules, now).is_ok() {
            let (text, key) = token.into_text_and_key();
            self.cache.admit(text, Known { issuer, key, claims: Arc::clone(&claims) });
        }
        Ok(claims)
    }

    /// Decides about an authentic token: everything that depends on the time, the sender or the route is
    /// asked anew for every request.
    pub(super) fn judge(&mut self, claims: Arc<Claims>, of: Circumstances, now: Timestamp) -> Step {
        let (Some(route), Some(issuer)) =
            (self.policy.routes.get(of.route), self.policy.issuers.get(of.issuer))
        else {
            return Step::Decided(without_policy());
        };
        let caller = Caller {
            policy: &self.policy,
            status: self.statuses.get(of.issuer).and_then(Option::as_ref),
            issuer: of.issuer,
            source: of.source,
        };
        let facts = || facts_about(route, issuer, &claims);
        match caller.check(&claims, issuer, &of.presented, route, now) {
            Ok(Possession::Shown) if of.detail == Detail::Verdict => {
                let facts = facts_of(route);
                Step::Decided(Decision::Allow(Allow { facts, ..Allow::default() }))
            }
            Ok(Possession::Shown) => Step::Decided(self.allow(&claims, issuer, of, facts())),
            Ok(Possession::Claimed { signed, id }) => {
                let question = Question::Proof(ProofQuestion { claims, signed, id }.into());
                let of = Circumstances { presented: Presented::default(), ..of };
                Step::Verify(Pending { question, of })
            }
            Err(rejection) => {
                let otherwise = self.refuse_at(route, rejection, of.remove, facts());
                self.wait_for_list(of.issuer, rejection, otherwise, now)
            }
        }
    }

    /// Takes the host's answer about a proof: the last question.
    pub(super) fn finish_proof(
        &mut self,
        question: ProofQuestion,
        of: Circumstances,
        outcome: SignatureOutcome,
        now: Timestamp,
    ) -> Decision {
        let (Some(route), Some(issuer)) =
            (self.policy.routes.get(of.route), self.policy.issuers.get(of.issuer))
        else {
            return without_policy();
        };
        let ProofQuestion { claims, signed, id } = question;
        let facts = facts_about(route, issuer, &claims);
        let maximum = self.policy.proofs.map_or(0, |rules| rules.maximum_proofs);
        let judged = self.clock.check(now).map_err(Rejection::Clock).and_then(|()| {
            authenticate_proof(signed, outcome)?;
            // The answer may have taken its time.
            claims.check_time(&issuer.rules, now).map_err(Rejection::Claim)?;
            self.replays.record(id, maximum, now).map_err(Rejection::Binding)
        });
        match judged {
            Ok(()) => self.allow(&claims, issuer, of, facts),
            Err(rejection) => self.refuse_at(route, rejection, of.remove, facts),
        }
    }

    /// Without the list of revoked tokens nobody can tell; a fetch may bring it.
    fn wait_for_list(
        &mut self,
        issuer: usize,
        rejection: Rejection,
        otherwise: Decision,
        now: Timestamp,
    ) -> Step {
        if rejection != Rejection::Status(StatusError::NoList) {
            return Step::Decided(otherwise);
        }
        let status = self.statuses.get_mut(issuer).and_then(Option::as_mut);
        if status.is_some_and(|status| status.feed_mut().ask(now)) {
            wait(FeedId { issuer, kind: FeedKind::StatusList }, otherwise)
        } else {
            Step::Decided(otherwise)
        }
    }
}

/// Who the caller is, apart from the token's claims.
struct Caller<'a> {
    policy: &'a Policy,
    status: Option<&'a CurrentStatus>,
    /// Position in the policy.
    issuer: usize,
    source: Option<IpAddr>,
}

impl Caller<'_> {
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
        if let Some(status) = self.status {
            status.check(claims, now).map_err(Rejection::Status)?;
        }
        let possession = binding::check(
            claims.confirmation.as_deref(),
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

/// What is known of a request whose caller is known.
fn facts_about(route: &Route, issuer: &IssuerPolicy, claims: &Claims) -> Facts {
    Facts {
        issuer: Some(Arc::clone(&issuer.issuer)),
        client_id: Some(Arc::clone(&claims.client_id)),
        subject: Some(Arc::clone(&claims.subject)),
        scope: Some(Arc::clone(&claims.scope)),
        token_id: Some(Arc::clone(&claims.token_id)),
        ..facts_of(route)
    }
}
