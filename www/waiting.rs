//! Requests whose signature is being checked. A Worker may drop a request without a word, so the oldest gives way
//! when there are too many; whoever comes back too late begins again.

use edgelatch_core::Pending;

#[derive(Debug)]
struct Slot {
    number: u32,
    pending: Pending,
}

/// A ring.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    slots: Vec<Option<Slot>>,
    next: u32,
}

impl Waiting {
    /// Keeps a request between `begin` and `finish`, and gives it a number.
    pub(crate) fn admit(&mut self, pending: Pending) -> u32 {
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        let place = place(number);
        if self.slots.len() <= place {
            self.slots.resize_with(place.saturating_add(1), || None);
        }
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = Some(Slot { number, pending });
        }
        number
    }

    pub(crate) fn get(&self, number: u32) -> Option<&Pending> {
        let slot = self.slots.get(place(number))?.as_ref()?;
        (slot.number == number).then_some(&slot.pending)
    }

    pub(crate) fn take(&mut self, number: u32) -> Option<Pending> {
        let slot = self.slots.get_mut(place(number))?;
        slot.take_if(|slot| slot.number == number).map(|slot| slot.pending)
    }
}

/// A power of two, so that numbers may wrap.
const CAPACITY: u32 = 4096;

fn place(number: u32) -> usize {
    usize::try_from(number & (CAPACITY - 1)).unwrap_or_default()
}
