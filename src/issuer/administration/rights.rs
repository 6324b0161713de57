//! Changing what a client may ask for.

use super::registration::{self, RegistrationError};
use crate::store::{Client, Right};

/// What happens to a list of rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RightsChange {
    /// These too. What the client has already stays.
    Add(Vec<String>),
    /// No longer these; each must be there.
    Remove(Vec<String>),
    /// Exactly these.
    Set(Vec<String>),
}

/// The present list of a client.
pub(super) fn list(client: &Client, right: Right) -> &[String] {
    match right {
        Right::Resource => &client.resources,
        Right::Scope => &client.scopes,
    }
}

/// The list after the change, sorted as the database sorts.
pub(super) fn apply(
    before: &[String],
    change: RightsChange,
    right: Right,
) -> Result<Vec<String>, RegistrationError> {
    let mut after = match change {
        RightsChange::Add(words) => {
            let new = words.into_iter().filter(|word| !before.contains(word));
            before.iter().cloned().chain(new).collect()
        }
        RightsChange::Remove(words) => remove(before, &words)?,
        RightsChange::Set(words) => words,
    };
    if after.is_empty() {
        return Err(RegistrationError::NothingLeft);
    }
    match right {
        Right::Resource => registration::check_resources(&after)?,
        Right::Scope => registration::check_scopes(&after)?,
    }
    after.sort();
    Ok(after)
}

/// A misspelt word must not look as if the right were gone.
fn remove(before: &[String], words: &[String]) -> Result<Vec<String>, RegistrationError> {
    match words.iter().find(|word| !before.contains(word)) {
        Some(unknown) => Err(RegistrationError::NotThere(unknown.clone())),
        None => Ok(before.iter().filter(|word| !words.contains(word)).cloned().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::RightsChange::{Add, Remove, Set};
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn check(change: RightsChange, expected: Result<&str, RegistrationError>) {
        let after = apply(&words("b c"), change, Right::Scope);
        assert_eq!(after.map(|list| list.join(" ")), expected.map(str::to_owned));
    }

    #[test]
    fn adds_removes_and_replaces() {
        check(Add(words("a c")), Ok("a b c"));
        check(Remove(words("b")), Ok("c"));
        check(Set(words("z a")), Ok("a z"));
    }

    #[test]
    fn refuses_to_remove_what_is_not_there() {
        check(Remove(words("B")), Err(RegistrationError::NotThere("B".to_owned())));
    }

    #[test]
    fn refuses_to_leave_nothing() {
        check(Remove(words("b c")), Err(RegistrationError::NothingLeft));
        check(Set(Vec::new()), Err(RegistrationError::NothingLeft));
    }

    #[test]
    fn refuses_words_that_cannot_be_granted() {
        check(Add(words("el_x")), Err(RegistrationError::Scope("el_x".to_owned())));
        let outcome = apply(&[], Set(words("api.example")), Right::Resource);
        assert_eq!(outcome, Err(RegistrationError::Resource("api.example".to_owned())));
    }
}
