//! Tokens that JavaScript recognises by their text, under the numbers it knows them by. It owns the numbers, and
//! says when one is free again.

use edgelatch_core::Remembered;

/// The tokens by number.
#[derive(Debug, Default)]
pub(crate) struct KnownTokens {
    slots: Vec<Option<Remembered>>,
    free: Vec<u32>,
}

impl KnownTokens {
    pub(crate) fn insert(&mut self, token: Remembered) -> Option<u32> {
        if let Some(number) = self.free.pop() {
            *self.slots.get_mut(usize::try_from(number).ok()?)? = Some(token);
            return Some(number);
        }
        let number = u32::try_from(self.slots.len()).ok()?;
        self.slots.push(Some(token));
        Some(number)
    }

    pub(crate) fn get(&self, number: u32) -> Option<&Remembered> {
        self.slots.get(usize::try_from(number).ok()?)?.as_ref()
    }

    pub(crate) fn remove(&mut self, number: u32) {
        let slot = usize::try_from(number).ok().and_then(|place| self.slots.get_mut(place));
        if slot.is_some_and(|slot| slot.take().is_some()) {
            self.free.push(number);
        }
    }
}
