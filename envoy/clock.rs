//! What the operator hears of a clock that cannot be right: once when that begins, once when it ends.

use crate::host::{self, Level};
use edgelatch_core::{Allow, Decision, Deny, Rejection, Step};

/// Whether the clock was wrong when a request last depended on it.
#[derive(Debug, Default)]
pub(crate) struct ClockWatch {
    is_wrong: bool,
}

impl ClockWatch {
    /// Takes note of a step of the engine, which looks at the clock before it chooses a key and before it
    /// recalls a token.
    pub(crate) fn observe(&mut self, step: &Step) {
        match step {
            Step::Verify(_) | Step::Refresh { .. } => self.right(),
            Step::Decided(decision) if is_for_the_clock(decision) => self.wrong(),
            Step::Decided(decision) if knows_the_caller(decision) => self.right(),
            Step::Decided(_) => {}
        }
    }

    fn wrong(&mut self) {
        if !self.is_wrong {
            host::log(
                Level::Critical,
                "the clock of this host went back or is wrong; requests are refused until it is \
                 right, or until Envoy restarts [clock.bad]",
            );
        }
        self.is_wrong = true;
    }

    fn right(&mut self) {
        if self.is_wrong {
            host::log(Level::Info, "the clock of this host is right again");
        }
        self.is_wrong = false;
    }
}

fn knows_the_caller(decision: &Decision) -> bool {
    let (Decision::Allow(Allow { facts, .. }) | Decision::Deny(Deny { facts, .. })) = decision;
    facts.client_id.is_some()
}

fn is_for_the_clock(decision: &Decision) -> bool {
    let rejection = match decision {
        Decision::Allow(allow) => allow.would_deny,
        Decision::Deny(deny) => Some(deny.rejection),
    };
    matches!(rejection, Some(Rejection::Clock(_)))
}
