//! Requests of any size: each family grows in one place.

use super::probe::Sent;
use super::{requests, tokens};

/// Requests that differ in their size only.
#[derive(Clone, Copy)]
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) make: Make,
}

/// A request in which about so many bytes are of the kind.
pub(crate) type Make = fn(usize) -> Sent;

/// All of them.
pub(crate) fn all() -> Vec<Family> {
    let families = requests::FAMILIES.iter().chain(tokens::FAMILIES);
    families.map(|(name, make)| Family { name, make: *make }).collect()
}
