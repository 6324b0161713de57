//! What the engines of one process share. Every worker has an engine of its own, but one fetch serves
//! them all: whoever's turn it is fetches, leaves the document on the board and rings; the others hear
//! the bell and take the document over.
//!
//! Whoever knows the `vm_id` can write here. So nothing that is read is trusted: what is malformed
//! counts as absent, a document goes through the same checks as one from the wire, and nobody's turn
//! keeps an engine waiting for longer than a fetch may take.

mod bell;
mod lease;
mod record;

use self::lease::Lease;
use crate::host::{Condition, Entry, HostError, Mark, shared_memory};
use edgelatch_core::{FeedSource, Publication, Timestamp};
use std::mem;

pub(crate) use self::bell::News;
pub(crate) use self::record::parse as parse_document;

/// Values by name; [`HostMemory`] outside of tests.
pub(crate) trait Memory {
    /// A copy of the value called so.
    fn get(&self, name: &str) -> Result<Option<Entry>, HostError>;
    /// Writes a value; `false` if the condition does not hold.
    fn set(&self, name: &str, value: &[u8], condition: Condition) -> Result<bool, HostError>;
}

/// Envoy's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostMemory;

impl Memory for HostMemory {
    fn get(&self, name: &str) -> Result<Option<Entry>, HostError> {
        shared_memory::get(name)
    }

    fn set(&self, name: &str, value: &[u8], condition: Condition) -> Result<bool, HostError> {
        shared_memory::set(name, value, condition)
    }
}

/// Who fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Mine,
    Theirs,
}

/// What is shared about one feed, as one engine sees it.
#[derive(Debug)]
pub(crate) struct Board<M = HostMemory> {
    memory: M,
    /// This engine among the others.
    me: u64,
    names: Names,
    /// The last ring that was heard.
    heard: Option<Mark>,
    /// The last document that was read.
    read: Option<Mark>,
    /// Whether to read it again though nobody rang.
    is_to_look_again: bool,
    /// This engine's turn.
    turn: Option<Lease>,
    /// Since when this engine has left its fetches to others without news of them.
    waiting_since: Option<u64>,
}

/// Where everything is. Each is a value of its own, because to read one is to copy it.
#[derive(Debug)]
struct Names {
    document: String,
    bell: String,
    turn: String,
}

impl Names {
    /// Made of what makes a document: engines with other policies but the same issuer and URL share it.
    fn new(source: &FeedSource<'_>) -> Self {
        let FeedSource { kind, issuer, uri, .. } = source;
        let name = |what| format!("edgelatch 1: {what} of the {kind} of {issuer} from {uri}");
        Self { document: name("document"), bell: name("bell"), turn: name("turn") }
    }
}

impl<M: Memory> Board<M> {
    /// The board of a feed, for the engine `me`.
    pub(crate) fn new(memory: M, me: u64, source: &FeedSource<'_>) -> Self {
        let names = Names::new(source);
        Self {
            memory,
            me,
            names,
            heard: None,
            read: None,
            is_to_look_again: false,
            turn: None,
            waiting_since: None,
        }
    }

    /// Whether this engine fetches now, or leaves it to another one. Whoever has waited for more than
    /// `patience` milliseconds fetches whatever stands there.
    pub(crate) fn take_turn(&mut self, patience: u64, now: u64) -> Result<Turn, HostError> {
        let waited = now.saturating_sub(*self.waiting_since.get_or_insert(now));
        let condition = match self.memory.get(&self.names.turn)? {
            None => Condition::Absent,
            Some(entry) => {
                let turn = Lease::parse(&entry.value);
                let is_taken = turn.is_some_and(|turn| turn.is_of_another(self.me, now));
                if is_taken && waited <= patience {
                    return Ok(Turn::Theirs);
                }
                Condition::Unchanged(entry.mark)
            }
        };
        let turn = Lease::new(self.me, now);
        if !self.memory.set(&self.names.turn, &turn.write(), condition)? {
            return Ok(Turn::Theirs);
        }
        self.turn = Some(turn);
        self.waiting_since = None;
        Ok(Turn::Mine)
    }

    /// Prolongs this engine's turn if it would end soon.
    pub(crate) fn keep_turn(&mut self, now: u64) -> Result<(), HostError> {
        if self.turn.is_some_and(|turn| turn.is_half_over(now)) {
            let turn = Lease::new(self.me, now);
            self.turn = self.replace_turn(turn)?.then_some(turn);
        }
        Ok(())
    }

    /// Gives this engine's turn back before its time.
    pub(crate) fn end_turn(&mut self) -> Result<(), HostError> {
        match self.turn.take() {
            None => Ok(()),
            Some(_) => self.replace_turn(Lease { holder: self.me, until: 0 }).map(|_| ()),
        }
    }

    /// What another engine has rung for since the last time.
    pub(crate) fn news(&mut self) -> Result<Option<News>, HostError> {
        let Some(entry) = self.memory.get(&self.names.bell)? else { return Ok(None) };
        let document = mem::take(&mut self.is_to_look_again).then_some(News::Document);
        let last = self.heard.replace(entry.mark);
        if last == Some(entry.mark) {
            return Ok(document);
        }
        self.waiting_since = None;
        Ok(match bell::parse(&entry.value) {
            Some((ringer, _)) if ringer == self.me => document,
            // What failed before this engine was there says nothing about its own first try.
            Some((_, News::Failure { .. })) if last.is_none() => Some(News::Document),
            Some((_, news)) => Some(news),
            // Somebody wrote nonsense over a ring: better to look once too often.
            None => Some(News::Document),
        })
    }

    /// What stands in the place of the document, for [`parse_document`], if it was not read before.
    pub(crate) fn document(&mut self) -> Result<Option<Vec<u8>>, HostError> {
        let Some(entry) = self.memory.get(&self.names.document)? else { return Ok(None) };
        let last = self.read.replace(entry.mark);
        Ok(Some(entry.value).filter(|_| last != Some(entry.mark)))
    }

    /// Looks at the document again, because this engine knows more now than when it last did.
    pub(crate) fn look_again(&mut self) {
        self.is_to_look_again = true;
        self.read = None;
    }

    /// Leaves a document to the others, unless a newer one is there.
    pub(crate) fn publish(
        &mut self,
        publication: &Publication<'_>,
        now: Timestamp,
    ) -> Result<(), HostError> {
        let Some(bytes) = record::write(publication) else { return Ok(()) };
        for _ in 0..ATTEMPTS {
            let condition = match self.memory.get(&self.names.document)? {
                None => Condition::Absent,
                Some(entry) if is_newer(&entry.value, publication, now) => return Ok(()),
                Some(entry) => Condition::Unchanged(entry.mark),
            };
            if self.memory.set(&self.names.document, &bytes, condition)? {
                // Only now: whoever hears it must find the document.
                return self.ring(&News::Document);
            }
        }
        Ok(())
    }

    /// Tells the others of a fetch that came to nothing, so that they do not try it again at once.
    pub(crate) fn report_failure(&mut self, retry_after: &[u8]) -> Result<(), HostError> {
        self.ring(&News::Failure { retry_after: retry_after.to_vec() })
    }

    fn ring(&self, news: &News) -> Result<(), HostError> {
        let ring = bell::write(self.me, news);
        self.memory.set(&self.names.bell, &ring, Condition::Always).map(|_| ())
    }

    /// Writes over this engine's turn; `false` if it is another one's by now.
    fn replace_turn(&self, turn: Lease) -> Result<bool, HostError> {
        let Some(entry) = self.memory.get(&self.names.turn)? else { return Ok(false) };
        if Lease::parse(&entry.value).is_none_or(|there| there.holder != self.me) {
            return Ok(false);
        }
        let condition = Condition::Unchanged(entry.mark);
        self.memory.set(&self.names.turn, &turn.write(), condition)
    }
}

/// Whether `bytes` are a document newer than `publication`. One from the future is nonsense, and must
/// not be in the way of every other for ever.
fn is_newer(bytes: &[u8], publication: &Publication<'_>, now: Timestamp) -> bool {
    record::parse(bytes)
        .is_some_and(|there| publication.received < there.received && there.received <= now)
}

/// How often to try to write where others write too: each failure means that one of them succeeded.
const ATTEMPTS: usize = 8;

#[cfg(test)]
mod tests;
