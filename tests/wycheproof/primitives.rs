//! The verdicts of one verifier over the vectors of the primitives.

use std::collections::BTreeMap;
use std::fmt;

use edgelatch_core::Algorithm;

use super::exceptions::{Exceptions, OF_OTHER_PARAMETERS};
use super::vectors::{Group, Label, Standing, Vector};
use super::verifier::Verifier;

/// What came of it.
#[derive(Default)]
pub(crate) struct Tally {
    /// Vectors made for our algorithms: accepted and refused.
    pub(crate) ours: BTreeMap<Algorithm, (usize, usize)>,
    /// Vectors of other parameters that were refused, by what is other.
    pub(crate) foreign: BTreeMap<&'static str, usize>,
    /// How many of those are valid under their own parameters.
    pub(crate) valid_elsewhere: usize,
    /// How many of other parameters are rightly accepted.
    pub(crate) exceptions: usize,
    /// Keys that were not loaded, by why they should not be.
    pub(crate) keys: BTreeMap<&'static str, usize>,
    /// Vectors that cannot be tried.
    pub(crate) formless: BTreeMap<&'static str, usize>,
    /// Verdicts that were the same again when the verifier had prepared for the key.
    pub(crate) same_prepared: usize,
    /// Verdicts that are not as they should be, in words.
    pub(crate) wrong: Vec<String>,
}

/// Tries all vectors that are `worth` it.
pub(crate) fn judge(
    groups: &[&Group],
    verifier: &mut impl Verifier,
    worth: fn(&Group, &Vector) -> bool,
) -> Tally {
    let mut tally = Tally::default();
    let mut exceptions = Exceptions::new(OF_OTHER_PARAMETERS);
    for group in groups {
        if let Standing::Formless(why) = group.standing {
            *tally.formless.entry(why).or_default() += group.vectors.len();
        } else if let Err(code) = verifier.load_key(&group.key, group.algorithm) {
            tally.judge_key(group, &code);
        } else {
            let vectors = || group.vectors.iter().filter(|vector| worth(group, vector));
            let mut verdicts = Vec::new();
            for vector in vectors() {
                let is_accepted = verifier.verify(&vector.message, &vector.signature);
                tally.judge(group, vector, is_accepted, &mut exceptions);
                verdicts.push(is_accepted);
            }
            let is_worth_it = verdicts.len() >= WORTH_PREPARING && !group.algorithm.is_rsa();
            if is_worth_it && verifier.prepare() {
                for (vector, was_accepted) in vectors().zip(verdicts) {
                    let is_accepted = verifier.verify(&vector.message, &vector.signature);
                    tally.judge_again(group, vector, is_accepted == was_accepted);
                }
            }
        }
    }
    tally
}

/// Vectors of a key for which it is worth the time.
const WORTH_PREPARING: usize = 8;

/// A vector that could be accepted by mistake: not one that is wrong wherever one looks from.
pub(crate) fn is_telling(group: &Group, vector: &Vector) -> bool {
    let exceptions = Exceptions::new(OF_OTHER_PARAMETERS);
    group.standing == Standing::Ours
        || vector.label == Label::Valid
        || exceptions.is_one(&group.set, vector.id)
}

impl Tally {
    fn judge(&mut self, group: &Group, vector: &Vector, is_accepted: bool, known: &mut Exceptions) {
        let should_be = match group.standing {
            Standing::Ours => {
                let counts = self.ours.entry(group.algorithm).or_default();
                let count = if is_accepted { &mut counts.0 } else { &mut counts.1 };
                *count += 1;
                // `Acceptable` are signatures without the NULL of the DigestInfo: RFC 8017 s9.2 has it.
                vector.label == Label::Valid
            }
            Standing::Foreign(_) if known.meet(&group.set, vector.id) => {
                self.exceptions += 1;
                true
            }
            Standing::Foreign(what) | Standing::Formless(what) => {
                *self.foreign.entry(what).or_default() += 1;
                self.valid_elsewhere += usize::from(vector.label == Label::Valid);
                false
            }
        };
        if is_accepted != should_be {
            let (set, id, label) = (&group.set, vector.id, vector.label);
            self.wrong.push(format!("{set} {id} ({label:?}): accepted is {is_accepted}"));
        }
    }

    fn judge_again(&mut self, group: &Group, vector: &Vector, is_same: bool) {
        if is_same {
            self.same_prepared += 1;
        } else {
            self.wrong.push(format!("{} {}: another verdict when prepared", group.set, vector.id));
        }
    }

    fn judge_key(&mut self, group: &Group, code: &str) {
        match (group.standing, code) {
            (Standing::Foreign(what @ "another curve"), "jwks.invalid")
            | (Standing::Foreign(what @ "a modulus of 8192 bits"), "jwks.weak") => {
                *self.keys.entry(what).or_default() += 1;
            }
            _ => self.wrong.push(format!("{}: the key is refused: {code}", group.set)),
        }
    }

    /// Vectors that were tried.
    pub(crate) fn vectors(&self) -> usize {
        let ours: usize = self.ours.values().map(|(accepted, refused)| accepted + refused).sum();
        ours + self.foreign.values().sum::<usize>() + self.exceptions
    }

    pub(crate) fn accepted(&self) -> usize {
        self.ours.values().map(|(accepted, _)| accepted).sum()
    }

    /// Adds what another part of the vectors came to.
    pub(crate) fn add(&mut self, other: Self) {
        for (algorithm, (accepted, refused)) in other.ours {
            let counts = self.ours.entry(algorithm).or_default();
            *counts = (counts.0 + accepted, counts.1 + refused);
        }
        let tables = [
            (&mut self.foreign, other.foreign),
            (&mut self.keys, other.keys),
            (&mut self.formless, other.formless),
        ];
        for (table, other) in tables {
            for (what, count) in other {
                *table.entry(what).or_default() += count;
            }
        }
        self.valid_elsewhere += other.valid_elsewhere;
        self.exceptions += other.exceptions;
        self.same_prepared += other.same_prepared;
        self.wrong.extend(other.wrong);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused: usize = self.ours.values().map(|(_, refused)| refused).sum();
        let foreign: usize = self.foreign.values().sum();
        let keys: usize = self.keys.values().sum();
        write!(
            formatter,
            "{} vectors: {} accepted, {refused} refused; of other parameters {foreign} refused \
             ({} valid there), {} accepted by name; {keys} keys refused; {} the same once prepared",
            self.vectors(),
            self.accepted(),
            self.valid_elsewhere,
            self.exceptions,
            self.same_prepared,
        )
    }
}
