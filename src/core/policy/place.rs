//! Where in the document something stands. Its text is made when there is a mistake to tell, and not for
//! each of ten thousand routes.

use alloc::format;
use alloc::string::String;

/// The place of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    Top,
    Member(&'a Place<'a>, &'a str),
    Element(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    /// The place of a member.
    pub(super) fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    /// The place of an element.
    pub(super) fn element(&'a self, index: usize) -> Self {
        Self::Element(self, index)
    }

    /// As in `issuers[0].audiences`.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Top => String::new(),
            Self::Member(Self::Top, name) => String::from(*name),
            Self::Member(parent, name) => format!("{}.{name}", parent.path()),
            Self::Element(parent, index) => format!("{}[{index}]", parent.path()),
        }
    }
}
