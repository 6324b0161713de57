//! The ends of the way: what becomes of a request that is refused, observed, or let through.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{Circumstances, Engine, facts_of, without_policy};
use crate::bearer::BearerError;
use crate::claims::Claims;
use crate::decision::{Allow, Decision, Deny, Facts};
use crate::grant;
use crate::identity;
use crate::policy::{IssuerPolicy, Mode, Route, RouteError};
use crate::rejection::Rejection;
use crate::request::Request;

impl Engine {
    /// What no route is for is refused, or only noted while the operator still looks for the routes.
    pub(super) fn without_route(&self, error: RouteError, request: &Request<'_>) -> Decision {
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
    pub(super) fn without_token(
        &self,
        index: usize,
        error: BearerError,
        request: &Request<'_>,
    ) -> Decision {
        let public = self.policy.routes.get(index).filter(|route| route.mode == Mode::Public);
        let Some(route) = public.filter(|_| error == BearerError::Missing) else {
            return self.refuse(index, Rejection::Bearer(error), request);
        };
        let networks = route.requirements.networks.as_deref();
        if let Err(error) = grant::check_network(request.source, networks) {
            return self.refuse(index, Rejection::Grant(error), request);
        }
        let remove = self.reserved_headers(request);
        Decision::Allow(Allow { remove, facts: facts_of(route), ..Allow::default() })
    }

    /// A refusal before anything is known about the caller.
    pub(super) fn refuse(
        &self,
        index: usize,
        rejection: Rejection,
        request: &Request<'_>,
    ) -> Decision {
        let Some(route) = self.policy.routes.get(index) else { return without_policy() };
        // A flood of bad requests must not cost more than it has to: what is denied loses no headers.
        let remove = match route.mode {
            Mode::Observe => self.reserved_headers(request),
            Mode::Enforce | Mode::Public => Vec::new(),
        };
        self.refuse_at(route, rejection, remove, facts_of(route))
    }

    /// A refusal behind the signature check, whose caller is still not known.
    pub(super) fn refuse_stranger(&self, rejection: Rejection, of: Circumstances) -> Decision {
        let Some(route) = self.policy.routes.get(of.route) else { return without_policy() };
        self.refuse_at(route, rejection, of.remove, facts_of(route))
    }

    /// Enforced routes refuse; observed ones report and let pass, without any identity. Credentials
    /// that are not ours, such as those of the upstream's own login, pass an observed route untouched.
    pub(super) fn refuse_at(
        &self,
        route: &Route,
        rejection: Rejection,
        mut remove: Vec<Cow<'static, str>>,
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
    fn note(&self, rejection: Rejection, remove: Vec<Cow<'static, str>>, facts: Facts) -> Decision {
        let name = self.policy.forward.would_deny.iter();
        let set = name.map(|name| (name.as_str().into(), rejection.code().into())).collect();
        Decision::Allow(Allow { set, remove, would_deny: Some(rejection), facts })
    }

    pub(super) fn allow(
        &self,
        claims: &Claims,
        issuer: &IssuerPolicy,
        of: Circumstances,
        facts: Facts,
    ) -> Decision {
        let mut remove = of.remove;
        identity::hide_token(&self.policy.forward, &mut remove);
        let set = identity::headers(&self.policy.forward, claims, &issuer.issuer, &facts);
        Decision::Allow(Allow { set, remove, would_deny: None, facts })
    }

    pub(super) fn reserved_headers(&self, request: &Request<'_>) -> Vec<Cow<'static, str>> {
        identity::reserved(&self.policy, request)
    }
}
