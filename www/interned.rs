//! Numbers for what is told about admitted requests. Machines are few: most new tokens say the same of who calls as
//! those before them, and a number crosses the boundary for nothing.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use edgelatch_core::{Allow, Facts};

/// What was told, by its hash. Of two that fall together the later one counts.
#[derive(Debug, Default)]
pub(crate) struct Interned {
    entries: HashMap<u64, Entry>,
    next: u32,
}

#[derive(Debug)]
struct Entry {
    allow: Allow,
    number: u32,
}

impl Interned {
    /// The number of what `tell` says about a decision. Equal numbers are equal texts; no number is used twice.
    pub(crate) fn number(&mut self, allow: &Allow) -> u32 {
        let hash = hash(allow);
        if let Some(entry) = self.entries.get(&hash)
            && is_same(&entry.allow, allow)
        {
            return entry.number;
        }
        if self.entries.len() >= CAPACITY {
            self.entries.clear();
        }
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.entries.insert(hash, Entry { allow: allow.clone(), number });
        number
    }
}

fn hash(Allow { facts, set, .. }: &Allow) -> u64 {
    let mut hasher = DefaultHasher::new();
    told(facts).hash(&mut hasher);
    set.hash(&mut hasher);
    hasher.finish()
}

fn is_same(one: &Allow, other: &Allow) -> bool {
    told(&one.facts) == told(&other.facts) && one.set == other.set
}

/// What of the facts is told.
fn told(Facts { route, client_id, subject, scope, .. }: &Facts) -> [Option<&str>; 4] {
    [route.as_deref(), client_id.as_deref(), subject.as_deref(), scope.as_deref()]
}

/// Callers that are kept in mind, by route.
const CAPACITY: usize = 1_024;
