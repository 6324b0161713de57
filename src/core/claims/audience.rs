//! The audience of a token, in one piece of memory: many tokens are kept at a time.

use alloc::boxed::Box;
use alloc::string::String;

/// The members of `aud`, each behind a NUL, which no text of a token holds (see `json`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Audience(Box<str>);

impl Audience {
    pub(super) fn new(members: &[&str]) -> Self {
        let mut text =
            String::with_capacity(members.iter().map(|name| name.len().saturating_add(1)).sum());
        for member in members {
            text.push('\0');
            text.push_str(member);
        }
        Self(text.into())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        // What stands before the first NUL is nothing.
        self.0.split('\0').skip(1)
    }

    pub(super) fn size(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    #[test]
    fn gives_back_the_members_it_was_made_of() {
        for members in [&[][..], &["a"], &["", ""], &["a", "", "b c"]] {
            let audience = Audience::new(members);
            assert_eq!(audience.iter().collect::<Vec<_>>(), members);
            assert_eq!(audience.size(), members.iter().map(|name| name.len() + 1).sum::<usize>());
        }
    }
}
