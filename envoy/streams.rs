//! The requests that are under way, by the numbers that Envoy gives them.

use crate::gate::Verdict;
use rustc_hash::FxBuildHasher;
use std::collections::HashMap;

/// What becomes of each request, and to which root it belongs: filters with different policies may share one machine.
#[derive(Debug)]
pub(crate) struct Streams<R> {
    roots: Vec<(u32, R)>,
    /// The host counts their numbers up and nobody can choose them, so a keyed hash would defend nothing.
    streams: HashMap<u32, Stream<R>, FxBuildHasher>,
}

#[derive(Debug)]
struct Stream<R> {
    /// Its own, since a request may outlive the configuration that it came under.
    root: Option<R>,
    /// What was decided so far; one that waited and was let through later is known to the gate.
    verdict: Verdict,
}

impl<R: Clone> Streams<R> {
    /// No root and no request.
    pub(crate) const fn new() -> Self {
        Self { roots: Vec::new(), streams: HashMap::with_hasher(FxBuildHasher) }
    }

    /// A root begins.
    pub(crate) fn open(&mut self, context: u32, root: R) {
        self.close(context);
        self.roots.push((context, root));
    }

    /// A root ends, but for the requests that still belong to it.
    pub(crate) fn close(&mut self, context: u32) {
        self.roots.retain(|(other, _)| *other != context);
    }

    /// A request begins. It stays where it is until something else is decided.
    pub(crate) fn begin(&mut self, context: u32, root: u32) {
        let root =
            self.roots.iter().find(|(other, _)| *other == root).map(|(_, root)| root.clone());
        self.streams.insert(context, Stream { root, verdict: Verdict::Hold });
    }

    /// The root of a request, if it has one, and what was decided.
    pub(crate) fn find(&mut self, context: u32) -> Option<(&R, &mut Verdict)> {
        let Stream { root, verdict } = self.streams.get_mut(&context)?;
        Some((root.as_ref()?, verdict))
    }

    /// A request ends; its root, if it had one.
    pub(crate) fn end(&mut self, context: u32) -> Option<R> {
        self.streams.remove(&context)?.root
    }

    /// Whether a number is that of a root.
    pub(crate) fn is_root(&self, context: u32) -> bool {
        self.roots.iter().any(|(root, _)| *root == context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root_of(streams: &mut Streams<&'static str>, context: u32) -> Option<&'static str> {
        streams.find(context).map(|(root, _)| *root)
    }

    #[test]
    fn each_request_belongs_to_its_root() {
        let mut streams = Streams::new();
        streams.open(1, "one");
        streams.open(2, "two");
        streams.begin(7, 2);
        streams.begin(8, 1);
        assert_eq!(root_of(&mut streams, 7), Some("two"));
        assert_eq!(root_of(&mut streams, 8), Some("one"));
        assert_eq!(root_of(&mut streams, 1), None, "a root is no request");
    }

    #[test]
    fn a_request_is_held_until_something_else_is_decided() {
        let mut streams = Streams::new();
        streams.open(1, "one");
        streams.begin(7, 1);
        let (_, verdict) = streams.find(7).unwrap();
        assert_eq!(*verdict, Verdict::Hold);
        *verdict = Verdict::Pass;
        streams.begin(8, 1);
        assert_eq!(*streams.find(7).unwrap().1, Verdict::Pass);
        assert_eq!(*streams.find(8).unwrap().1, Verdict::Hold);
    }

    #[test]
    fn what_has_ended_is_not_found() {
        let mut streams = Streams::new();
        streams.open(1, "one");
        streams.begin(7, 1);
        assert_eq!(streams.end(7), Some("one"));
        assert!(streams.end(7).is_none() && streams.end(1).is_none());
        assert_eq!(root_of(&mut streams, 7), None);
    }

    #[test]
    fn a_request_keeps_its_root_and_a_later_one_finds_it_closed() {
        let mut streams = Streams::new();
        streams.open(1, "one");
        streams.open(2, "two");
        streams.begin(7, 1);
        streams.close(1);
        streams.begin(8, 1);
        assert_eq!(root_of(&mut streams, 7), Some("one"));
        assert_eq!(root_of(&mut streams, 8), None, "nothing is decided by the policy of another");
        assert_eq!(streams.end(7), Some("one"));
        assert_eq!(streams.end(8), None);
        assert_eq!([1, 2, 7, 8].map(|number| streams.is_root(number)), [false, true, false, false]);
    }

    #[test]
    fn a_root_of_the_same_number_takes_the_place_of_the_old_one() {
        let mut streams = Streams::new();
        streams.open(1, "old");
        streams.open(1, "new");
        streams.begin(7, 1);
        assert_eq!(root_of(&mut streams, 7), Some("new"));
    }
}
