//! What is measured in workerd: which Worker, and which tokens it is sent.

use super::algorithm::Algorithm;
use super::doubt::{self, Estimate};
use super::statistics::{Figures, added_ratios};

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Its name in the report and for `--rows`.
    pub(crate) key: &'static str,
    pub(crate) worker: Worker,
    /// What the tokens are signed with.
    pub(crate) algorithm: Algorithm,
}

/// A Worker, which is an isolate of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worker {
    /// Answers, and looks at nothing.
    Empty,
    Jose,
    /// Ours, where every token comes again and again.
    OursKnown,
    /// Ours, where no token comes twice: apart, so that the new tokens do not push the known ones out.
    OursNew,
}

impl Worker {
    pub(crate) const ALL: [Self; 4] = [Self::Empty, Self::Jose, Self::OursKnown, Self::OursNew];

    /// The service in workerd.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Jose => "jose",
            Self::OursKnown => "ours-known",
            Self::OursNew => "ours-new",
        }
    }

    /// The script in this folder.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Self::Empty => "worker_empty",
            Self::Jose => "worker_jose",
            Self::OursKnown | Self::OursNew => "worker_ours",
        }
    }

    /// Its name for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Empty => "empty Worker",
            Self::Jose => "jose",
            Self::OursKnown => "ours, known tokens",
            Self::OursNew => "ours, new tokens",
        }
    }
}

const fn row(key: &'static str, worker: Worker, algorithm: Algorithm) -> Row {
    Row { key, worker, algorithm }
}

/// Longer tokens take longer to receive, so that the empty Worker has a row for each kind, too. To jose, which remembers
/// none, it does not matter whether a token comes again.
pub(crate) const ROWS: [Row; 12] = {
    use Algorithm::{Ed25519, Es256, Rs256};
    use Worker::{Empty, Jose, OursKnown, OursNew};
    [
        row("empty_es256", Empty, Es256),
        row("jose_es256", Jose, Es256),
        row("ours_warm_es256", OursKnown, Es256),
        row("ours_cold_es256", OursNew, Es256),
        row("empty_rs256", Empty, Rs256),
        row("jose_rs256", Jose, Rs256),
        row("ours_warm_rs256", OursKnown, Rs256),
        row("ours_cold_rs256", OursNew, Rs256),
        row("empty_ed25519", Empty, Ed25519),
        row("jose_ed25519", Jose, Ed25519),
        row("ours_warm_ed25519", OursKnown, Ed25519),
        row("ours_cold_ed25519", OursNew, Ed25519),
    ]
};

/// The row of the empty Worker that was sent the same kind of tokens.
pub(crate) fn empty(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Es256 => "empty_es256",
        Algorithm::Rs256 => "empty_rs256",
        Algorithm::Ed25519 => "empty_ed25519",
    }
}

/// What a row adds to an empty Worker, in proportion to what jose adds; of rows of ours only.
pub(crate) fn to_jose(figures: &Figures, row: &Row) -> Option<Estimate> {
    doubt::estimate(&added_ratios(figures, row.key, jose(row)?, empty(row.algorithm))?)
}

fn jose(row: &Row) -> Option<&'static str> {
    let is_ours = matches!(row.worker, Worker::OursKnown | Worker::OursNew);
    is_ours.then_some(match row.algorithm {
        Algorithm::Es256 => "jose_es256",
        Algorithm::Rs256 => "jose_rs256",
        Algorithm::Ed25519 => "jose_ed25519",
    })
}
