//! Tokens that a host itself recognises, so that their text need not come here again. It saves a host the
//! copying of a text across a boundary, and nothing else: everything but the text is asked anew.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Circumstances, Detail, Engine, Step};
use crate::bearer;
use crate::binding::Presented;
use crate::cache::Known;
use crate::rejection::Rejection;
use crate::request::Request;
use crate::status::CurrentStatus;
use crate::time::Timestamp;

/// A token that this engine verified. It stands for one text under the scheme `Bearer`; whoever uses it says
/// that a request has this very text as its only credential.
#[derive(Clone, Debug)]
pub struct Remembered(Known);

impl Engine {
    /// The token of a text that was verified earlier; none if it is not kept.
    pub fn remember(&mut self, text: &str) -> Option<Remembered> {
        self.cache.peek(text).map(Remembered)
    }

    /// [`begin`](Self::begin) for a request whose only credential is a remembered token under the scheme
    /// `Bearer`; its `Authorization` line may be left out. Who calls, and what an allowed request is to look like,
    /// is left out, too: with this token, on this route, it is as it was before. None if the token has to be checked
    /// again, as its key is no longer in force.
    pub fn begin_remembered(
        &mut self,
        token: &Remembered,
        request: &Request<'_>,
        now: Timestamp,
    ) -> Option<Step> {
        let Known { issuer, key, claims } = &token.0;
        let route = match self.policy.routes.find(request) {
            Ok(route) => route,
            Err(error) => return Some(Step::Decided(self.without_route(error, request))),
        };
        if let Err(error) = bearer::check_query(request) {
            return Some(Step::Decided(self.without_token(route, error, request)));
        }
        if let Err(error) = self.clock.check(now) {
            return Some(Step::Decided(self.refuse(route, Rejection::Clock(error), request)));
        }
        let usable = self.keys.get(*issuer).and_then(|keys| keys.usable(now));
        if !usable.is_some_and(|keys| keys.holds(key)) {
            return None;
        }
        let of = Circumstances {
            presented: Presented {
                certificate: self.policy.certificates.find(request),
                proof: None,
            },
            issuer: *issuer,
            route,
            source: request.source,
            remove: Vec::new(),
            detail: Detail::Verdict,
        };
        Some(self.judge(Arc::clone(claims), of, now))
    }

    /// How long a request that was allowed with a remembered token, and not merely observed, would be allowed again
    /// if nothing changes but the time: the first second in which it might not. An answer to a fetch may change it
    /// before, and so may a clock that is set back, of which the host has to tell by [`saw`](Self::saw).
    pub fn holds_until(&self, token: &Remembered) -> Timestamp {
        let Known { issuer, claims, .. } = &token.0;
        let (Some(policy), Some(keys), Some(status)) =
            (self.policy.issuers.get(*issuer), self.keys.get(*issuer), self.statuses.get(*issuer))
        else {
            return Timestamp::default();
        };
        let status = status.as_ref().map_or(Some(Timestamp::NEVER), CurrentStatus::usable_until);
        let feeds = keys.usable_until().min(status).unwrap_or_default();
        // Behind the last of all times the clock itself is refused.
        claims.end(&policy.rules).min(feeds).min(Timestamp::MAXIMUM)
    }

    /// Notes a time at which a host answered by itself: a clock that is set back behind it is noticed as if the
    /// request had come here.
    pub fn saw(&mut self, now: Timestamp) {
        // What cannot be is not noted; the next request is refused for it.
        let _ = self.clock.check(now);
    }
}
