//! The members of one JSON object.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{Unexpected, Value};

/// Members in the order of the text, no two of the same name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object<'a> {
    members: Vec<(Cow<'a, str>, Value<'a>)>,
    /// The marks of all names: most of what is asked for is not there, and one look says so.
    marks: u64,
}

impl<'a> Object<'a> {
    /// An object without members, and room for as many.
    pub(super) fn with_capacity(members: usize) -> Self {
        Self { members: Vec::with_capacity(members), marks: 0 }
    }

    /// Adds a member of a name that is not there yet.
    pub(super) fn push(&mut self, name: Cow<'a, str>, value: Value<'a>) {
        self.marks |= mark(&name);
        self.members.push((name, value));
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// The value of a member. There are few of them, and what is read once needs no table.
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        if self.marks & mark(name) == 0 {
            return None;
        }
        // Names of claims have the same length and another first letter: most are told apart without a call.
        let first = name.as_bytes().first();
        let is_it = |other: &str| other.as_bytes().first() == first && other == name;
        self.iter().find(|(other, _)| is_it(other)).map(|(_, value)| value)
    }

    /// The text of a member; none as well if it is something else.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// A member that may be missing, or `null`.
    pub(crate) fn optional<'s, T>(
        &'s self,
        name: &str,
        read: fn(&'s Value<'a>) -> Option<T>,
    ) -> Result<Option<T>, Unexpected> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).ok_or(Unexpected),
        }
    }

    /// Names and values, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.members.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// The names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_ref())
    }

    /// The value of a member, out of an object that is not needed any more.
    pub(crate) fn into_member(self, name: &str) -> Option<Value<'a>> {
        self.members.into_iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }
}

/// One of 64 bits. The last letter is what differs between `iat` and `iss`.
fn mark(name: &str) -> u64 {
    let [first, .., last] = name.as_bytes() else { return 1 };
    1 << ((first.wrapping_mul(5) ^ last) & 63)
}
