//! Names that are found again, of which a policy may have ten thousands. One kind of tree serves for all
//! of them: every other kind would be as much code again.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Names with a number each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    numbers: BTreeMap<Vec<u8>, usize>,
}

impl Names {
    /// The number of a name.
    pub(crate) fn find(&self, name: &[u8]) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        self.numbers.contains_key(name)
    }

    /// Gives a name this number, unless it has one already; the one that it has then.
    pub(super) fn add(&mut self, name: &[u8], number: usize) -> usize {
        *self.numbers.entry(name.into()).or_insert(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_first_number() {
        let mut names = Names::default();
        assert_eq!((names.add(b"b", 7), names.add(b"a", 8), names.add(b"b", 9)), (7, 8, 7));
        assert_eq!(
            (names.find(b"a"), names.find(b"b"), names.find(b"ab")),
            (Some(8), Some(7), None)
        );
        assert!(names.contains(b"a") && !names.contains(b"A"));
    }
}
