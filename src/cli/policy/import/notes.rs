//! What an import changed, told line by line.

use std::fmt;

/// What became of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It works in another way.
    Changed,
    /// More is refused than before.
    Tighter,
    /// There is no way to say it here; what it guarded is refused.
    Lost,
}

/// One line for the operator: where in the source document, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    kind: Kind,
    place: String,
    text: String,
}

/// The lines in the order in which they arose, none twice.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<Note>);

impl Notes {
    pub(super) fn changed(&mut self, place: &str, text: impl Into<String>) {
        self.add(Kind::Changed, place, text.into());
    }

    pub(super) fn tighter(&mut self, place: &str, text: impl Into<String>) {
        self.add(Kind::Tighter, place, text.into());
    }

    pub(super) fn lost(&mut self, place: &str, text: impl Into<String>) {
        self.add(Kind::Lost, place, text.into());
    }

    pub(super) fn count_lost(&self) -> usize {
        self.0.iter().filter(|note| note.kind == Kind::Lost).count()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Note> {
        self.0.iter()
    }

    fn add(&mut self, kind: Kind, place: &str, text: String) {
        let place = if place.is_empty() { "document".to_owned() } else { place.to_owned() };
        let note = Note { kind, place, text };
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Changed => "changed",
            Kind::Tighter => "tighter",
            Kind::Lost => "lost",
        };
        // The place holds names that somebody else wrote; a terminal must not obey them.
        let place = self.place.escape_debug();
        write!(formatter, "{kind}: {place}: {}", self.text)
    }
}
