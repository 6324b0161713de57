//! A value of the source document that knows its place.

use serde_json::Value;

use super::notes::Notes;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Source<'a> {
    pub(super) value: &'a Value,
    pub(super) place: String,
}

impl<'a> Source<'a> {
    pub(super) fn new(value: &'a Value, place: impl Into<String>) -> Self {
        Self { value, place: place.into() }
    }

    /// A member by its protobuf name or the JSON spelling of it; Envoy takes both.
    pub(super) fn field(&self, name: &str) -> Option<Self> {
        let camel = camel(name);
        let found = [name, &camel].into_iter().find_map(|name| {
            self.value.get(name).filter(|value| !value.is_null()).map(|value| (name, value))
        });
        found.map(|(name, value)| Self::new(value, self.below(name)))
    }

    /// A member some levels down.
    pub(super) fn find(&self, names: &[&str]) -> Option<Self> {
        names.iter().try_fold(self.clone(), |source, name| source.field(name))
    }

    /// The elements of a list member; none if it is absent.
    pub(super) fn list(&self, name: &str) -> Vec<Self> {
        self.field(name).map(|list| list.elements()).unwrap_or_default()
    }

    pub(super) fn elements(&self) -> Vec<Self> {
        let elements = self.value.as_array().into_iter().flatten().enumerate();
        elements
            .map(|(index, value)| Self::new(value, format!("{}[{index}]", self.place)))
            .collect()
    }

    /// The members of an object.
    pub(super) fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), Self::new(value, self.below(name)))).collect()
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub(super) fn text_at(&self, name: &str) -> Option<String> {
        self.field(name)?.text().map(str::to_owned)
    }

    /// A list of texts; an element that is none makes the list useless, which is told.
    pub(super) fn texts(&self, name: &str, notes: &mut Notes) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.list(name) {
            match element.text() {
                Some(text) => texts.push(text.to_owned()),
                None => notes.lost(&element.place, "not a text; correct the source"),
            }
        }
        texts
    }

    /// Tells which of these settings are here: they have no counterpart, and need none.
    pub(super) fn leave_out(&self, names: &[&str], notes: &mut Notes) {
        for field in names.iter().filter_map(|name| self.field(name)) {
            notes
                .changed(&field.place, "left out; it has no counterpart, and decides about nobody");
        }
    }

    /// A whole number, which JSON of protobuf may hold as a text.
    pub(super) fn number(&self) -> Option<u64> {
        self.value.as_u64().or_else(|| self.text()?.parse().ok())
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.field(name).is_some_and(|flag| flag.value == &Value::Bool(true))
    }

    /// Seconds, as a number, as `"300s"`, or as Kubernetes writes them: `"5m"`, `"1h"`.
    pub(super) fn seconds(&self) -> Option<u64> {
        let Some(text) = self.text() else { return self.value.as_u64() };
        let (digits, factor) = match text.char_indices().last()? {
            (end, 's') => (text.get(..end)?, 1),
            (end, 'm') => (text.get(..end)?, 60),
            (end, 'h') => (text.get(..end)?, 3600),
            _ => (text, 1),
        };
        digits.split('.').next()?.parse::<u64>().ok()?.checked_mul(factor)
    }

    /// Whether nothing is here beside the named members. Anything else may be a restriction: it is told,
    /// and whoever asks refuses what it may have restricted.
    #[must_use]
    pub(super) fn has_only(&self, known: &[&str], notes: &mut Notes) -> bool {
        let is_known = |name: &str| known.iter().any(|k| *k == name || camel(k) == name);
        let members = self.members().into_iter();
        let unknown: Vec<_> = members
            .filter(|(name, member)| !is_known(name) && !member.value.is_null())
            .map(|(_, member)| member.place)
            .collect();
        for place in &unknown {
            notes.lost(place, "not understood; remove it, or write the policy by hand");
        }
        unknown.is_empty()
    }

    fn below(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut text, word| {
        let mut letters = word.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_both_spellings_and_says_where() {
        let value = json!({"a": {"fromHeaders": [1]}});
        let source = Source::new(&value, "");
        let list = source.find(&["a"]).map(|a| a.list("from_headers")).unwrap_or_default();
        assert_eq!(list.first().map(|first| first.place.as_str()), Some("a.fromHeaders[0]"));
    }

    #[test]
    fn reads_durations_and_nothing_else() {
        let seconds = |value: Value| Source::new(&value, "").seconds();
        assert_eq!(seconds(json!(60)), Some(60));
        assert_eq!(seconds(json!("300s")), Some(300));
        assert_eq!(seconds(json!("1.5s")), Some(1));
        assert_eq!(seconds(json!("5m")), Some(300));
        assert_eq!(seconds(json!("soon")), None);
        assert_eq!(seconds(json!(-1)), None);
    }
}
