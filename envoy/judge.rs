//! What the engine says of the request in force.

use crate::clock::ClockWatch;
use crate::crypto::Crypto;
use crate::host::{self, HeaderMap, HostError};
use crate::policy::Needs;
use crate::tell::Tell;
use edgelatch_core::{
    Decision, Engine, FeedId, Request, SignatureCheck, SignatureOutcome, Step, Timestamp,
};

/// The engine's word.
pub(crate) enum Answer {
    Decision(Decision),
    Refresh { feed: FeedId, otherwise: Decision },
}

/// Everything that judges a request.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(crate) engine: Engine,
    pub(crate) crypto: Crypto,
    clock: ClockWatch,
    needs: Needs,
    /// Signature checks until the next one whose time is taken.
    untimed: u32,
}

impl Judge {
    /// A judge by the policy of `engine`, who finds out first who checks signatures.
    pub(crate) fn new(engine: Engine, needs: Needs) -> Self {
        Self { engine, crypto: Crypto::choose(), clock: ClockWatch::default(), needs, untimed: 0 }
    }

    /// Asks the engine about the request in force.
    pub(crate) fn ask(&mut self, tell: &mut Tell, now: Timestamp) -> Result<Answer, HostError> {
        let lines = host::header_map(HeaderMap::Request)?;
        let headers = host::parse_pairs(&lines)?;
        let request = Request {
            method: find(&headers, b":method"),
            scheme: find(&headers, b":scheme"),
            authority: find(&headers, b":authority"),
            path: find(&headers, b":path"),
            headers: &headers,
            // A question to the host takes longer than most of what the engine does.
            source: if self.needs.source { host::source() } else { None },
            certificate: if self.needs.certificate { host::certificate() } else { None },
        };
        let mut step = self.engine.begin(&request, now);
        self.clock.observe(&step);
        loop {
            match step {
                Step::Decided(decision) => return Ok(Answer::Decision(decision)),
                Step::Refresh { feed, otherwise } => {
                    return Ok(Answer::Refresh { feed, otherwise });
                }
                Step::Verify(pending) => {
                    let outcome = self.verify(&pending.check(), tell);
                    step = self.engine.finish(pending, outcome, now);
                }
            }
        }
    }

    /// Takes the time of some checks only: three host calls more are felt next to one that does the check.
    fn verify(&mut self, check: &SignatureCheck<'_>, tell: &mut Tell) -> SignatureOutcome {
        let backend = self.crypto.backend(check);
        tell.checked(check.algorithm, backend);
        if let Some(untimed) = self.untimed.checked_sub(1) {
            self.untimed = untimed;
            return self.crypto.verify(check, backend);
        }
        self.untimed = TIMED_PERIOD - 1;
        let begin = host::steady_nanoseconds();
        let outcome = self.crypto.verify(check, backend);
        let nanoseconds = host::steady_nanoseconds().saturating_sub(begin);
        tell.verified(check.algorithm, nanoseconds / 1_000);
        outcome
    }
}

/// The value of a pseudo-header, of which Envoy keeps at most one; empty if there is none.
fn find<'a>(headers: &[(&[u8], &'a [u8])], name: &[u8]) -> &'a [u8] {
    headers.iter().find(|(other, _)| *other == name).map_or(&[], |(_, value)| *value)
}

/// Signature checks of which one has its time taken. A prime: where each request has two, of its token and of a
/// proof, an even number would meet the same one every time.
const TIMED_PERIOD: u32 = 17;
