//! Parts of the decision path.

use std::process::Command;

use clap::ValueEnum;

/// A part of `src/core`, or `src/signatures`, with its tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Area {
    /// Public keys and key sets.
    Key,
    /// The signature as a question.
    Signature,
    /// The claims of a token.
    Claims,
    /// The policy.
    Policy,
    /// All the rest but the arithmetic.
    Others,
    /// The arithmetic of signatures: a thousand mutants, which take hours.
    Software,
}

impl Area {
    /// What decides about trust: here no mutant may survive.
    pub(crate) const WITHOUT_SURVIVOR: [Self; 4] =
        [Self::Key, Self::Signature, Self::Claims, Self::Policy];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Claims => "claims",
            Self::Policy => "policy",
            Self::Others => "others",
            Self::Software => "software",
        }
    }

    /// The files, as `cargo mutants` wants them.
    const fn files(self) -> &'static [&'static str] {
        match self {
            Self::Key => &["src/core/key.rs", "src/core/key/**", "src/core/keys.rs"],
            Self::Signature => &["src/core/signature.rs"],
            Self::Claims => &["src/core/claims.rs", "src/core/claims/**"],
            Self::Policy => &["src/core/policy.rs", "src/core/policy/**"],
            Self::Others => &["src/core/**"],
            Self::Software => &["src/signatures/**"],
        }
    }

    /// The crate in which they are.
    pub(crate) const fn package(self) -> &'static str {
        match self {
            Self::Software => "edgelatch-signatures",
            _ => "edgelatch-core",
        }
    }

    /// Whether a mutant, as in `src/core/a.rs: replace ..`, is in this part.
    pub(crate) fn holds_mutant(self, name: &str) -> bool {
        name.split_once(':').is_some_and(|(file, _)| self.holds(file))
    }

    /// Whether a file is in this part.
    pub(crate) fn holds(self, file: &str) -> bool {
        let is_in = |pattern: &&str| match pattern.strip_suffix("**") {
            Some(folder) => file.starts_with(folder),
            None => file == *pattern,
        };
        self.files().iter().any(is_in) && !self.excluded().any(|other| other.holds(file))
    }

    fn excluded(self) -> impl Iterator<Item = Self> {
        Self::WITHOUT_SURVIVOR.into_iter().filter(move |_| self == Self::Others)
    }

    /// Names the files to `cargo mutants`.
    pub(crate) fn choose(self, mutants: &mut Command) {
        for file in self.files() {
            mutants.arg("--file").arg(file);
        }
        for file in self.excluded().flat_map(Self::files) {
            mutants.arg("--exclude").arg(file);
        }
    }
}

/// Tests that take long without optimisation.
pub(crate) const SLOW_TESTS: [&str; 6] = [
    "a_full_window_refuses_new_proofs_and_old_ones_alike",
    "a_proof_is_for_one_request_one_token_and_a_short_time",
    "a_proof_says_what_it_is_and_brings_one_sound_public_key",
    "cached_and_uncached_decisions_are_equal",
    "refuses_what_is_unsigned_foreign_or_broken",
    "what_was_allowed_is_repeated_only_while_it_holds",
];
