//! Requests that wait for a key set. Their number is bounded and so is their time: whoever sends
//! unknown key ids must not be able to fill the memory of the edge.

use std::collections::BTreeMap;

/// One request that waits.
#[derive(Debug)]
pub(crate) struct Waiter<F, D> {
    /// The key set it waits for.
    pub(crate) feed: F,
    /// What it is told if that does not come in time.
    pub(crate) otherwise: D,
    /// The last moment, in milliseconds of the steady clock.
    pub(crate) deadline: u64,
}

/// The requests that wait, by the number of their context.
#[derive(Debug)]
pub(crate) struct Waiting<F, D> {
    waiters: BTreeMap<u32, Waiter<F, D>>,
}

impl<F: PartialEq, D> Waiting<F, D> {
    /// Nobody waits.
    pub(crate) const fn new() -> Self {
        Self { waiters: BTreeMap::new() }
    }

    /// Whether nobody waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiters.is_empty()
    }

    /// Lets a request wait, or gives it back if too many do.
    pub(crate) fn admit(&mut self, context: u32, waiter: Waiter<F, D>) -> Result<(), Waiter<F, D>> {
        if self.waiters.len() >= MAXIMUM {
            return Err(waiter);
        }
        self.waiters.insert(context, waiter);
        Ok(())
    }

    /// Forgets a request that is no more.
    pub(crate) fn leave(&mut self, context: u32) {
        self.waiters.remove(&context);
    }

    /// Takes out the requests that wait for `feed`, in the order of their arrival.
    pub(crate) fn take_for(&mut self, feed: &F) -> Vec<(u32, Waiter<F, D>)> {
        self.waiters.extract_if(.., |_, waiter| waiter.feed == *feed).collect()
    }

    /// Takes out the requests whose time is over at `now`, in the order of their arrival.
    pub(crate) fn take_late(&mut self, now: u64) -> Vec<(u32, Waiter<F, D>)> {
        self.waiters.extract_if(.., |_, waiter| waiter.deadline <= now).collect()
    }
}

/// How many requests of one worker may wait; one more is answered at once.
const MAXIMUM: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn waiter(feed: &'static str, deadline: u64) -> Waiter<&'static str, &'static str> {
        Waiter { feed, otherwise: "503", deadline }
    }

    fn contexts(taken: Vec<(u32, Waiter<&'static str, &'static str>)>) -> Vec<u32> {
        taken.into_iter().map(|(context, _)| context).collect()
    }

    #[test]
    fn a_key_set_frees_only_those_who_wait_for_it() {
        let mut waiting = Waiting::new();
        waiting.admit(7, waiter("a", 10)).unwrap();
        waiting.admit(8, waiter("b", 10)).unwrap();
        waiting.admit(9, waiter("a", 10)).unwrap();
        assert_eq!(contexts(waiting.take_for(&"a")), [7, 9]);
        assert!(waiting.take_for(&"a").is_empty());
        assert!(!waiting.is_empty());
    }

    #[test]
    fn a_request_is_late_at_its_deadline_and_not_before() {
        let mut waiting = Waiting::new();
        waiting.admit(1, waiter("a", 2_000)).unwrap();
        assert!(waiting.take_late(1_999).is_empty());
        assert_eq!(contexts(waiting.take_late(2_000)), [1]);
        assert!(waiting.is_empty());
    }

    #[test]
    fn one_more_than_the_maximum_does_not_wait() {
        let mut waiting = Waiting::new();
        for context in 0..u32::try_from(MAXIMUM).unwrap() {
            waiting.admit(context, waiter("a", 10)).unwrap();
        }
        assert_eq!(waiting.admit(5_000, waiter("a", 10)).unwrap_err().otherwise, "503");
        waiting.leave(0);
        waiting.admit(5_000, waiter("a", 10)).unwrap();
    }
}
