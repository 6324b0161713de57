//! The corpus: requests and policies with the verdict that every host must reach.
//!
//! The files in `corpus/*.json` are the specification of the edge, threat by threat. They are data: the
//! token descriptions are expanded (`edgelatch-corpus`) into plain bytes, which any host can replay. The
//! runners are thin: a [`Host`] answers, [`judge`] compares, [`Report`] tells.

mod case;
mod coverage;
mod envoy;
mod expand;
mod files;
mod judge;
mod native;
mod neighbours;
mod patch;
mod policies;
mod report;
mod run;
mod value;

use core::fmt;

pub use case::{Expect, Forwarded, Refused};
pub use coverage::{THREATS, check as check_coverage};
pub use envoy::EnvoyHost;
pub(crate) use envoy::{KeySets, listener_addresses, wire_request, without_interim};
pub use expand::{Exchange, Expanded, ExpandedCase, HeaderLine, Trial};
pub use files::load;
pub use judge::{Observed, judge};
pub use native::NativeHost;
pub use neighbours::{originals, refuse_neighbours};
pub use report::Report;
pub use run::{Host, run};
pub use value::HeaderValue;

/// The corpus itself is wrong, or a host could not be run; told in words.
#[derive(Debug)]
pub struct CorpusError(String);

impl CorpusError {
    /// An error with what went wrong.
    pub fn new(message: impl fmt::Display) -> Self {
        Self(message.to_string())
    }

    /// The same error, with the place where it happened in front.
    #[must_use]
    pub fn at(self, place: &str) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

impl fmt::Display for CorpusError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl core::error::Error for CorpusError {}
