//! Fuzz targets: each takes bytes as an attacker or a careless operator would send them, and checks more than that
//! nothing panics. `README.md` says what, and how to run them.
//!
//! Signatures of tokens are checked by an ideal signer (`issued`), since the engine asks its host and believes the
//! answer: what was signed is known, everything else is a forgery. That is faster than arithmetic, and leaves nothing
//! to chance.

mod header;
mod host;
mod issued;
mod key_set;
mod oracle;
mod policy;
mod sent;
mod status_list;
mod token;

pub use issued::{Issued, tokens};

/// What is fuzzed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A request's line and header lines.
    Header,
    /// A published key set.
    KeySet,
    /// A policy, and a request under it.
    Policy,
    /// A signed status list.
    StatusList,
    /// Header and claims of a token, signed as they are, or the text of a token.
    Token,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 5] =
        [Self::Header, Self::KeySet, Self::Policy, Self::StatusList, Self::Token];

    /// Its name on the command line, and of its corpus.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::KeySet => "key-set",
            Self::Policy => "policy",
            Self::StatusList => "status-list",
            Self::Token => "token",
        }
    }

    /// Tries one input; panics if the core does with it what it must not do.
    pub fn run(self, input: &[u8]) -> Verdict {
        match self {
            Self::Header => header::run(input),
            Self::KeySet => key_set::run(input),
            Self::Policy => policy::run(input),
            Self::StatusList => status_list::run(input),
            Self::Token => token::run(input),
        }
    }
}

/// What the core rightly did with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It let a client pass, or took the document.
    Accepted,
    /// It did not.
    Refused,
}

impl Verdict {
    fn new(is_accepted: bool) -> Self {
        if is_accepted { Self::Accepted } else { Self::Refused }
    }
}
