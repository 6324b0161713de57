//! JSON patch (RFC 6902; `add`, `replace`, `remove`): how a case names the policy it needs.

use serde::Deserialize;
use serde_json::Value;

use super::CorpusError;

/// One operation.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Operation {
    /// Sets a member, or inserts into a list (`-` is its end).
    Add { path: String, value: Value },
    /// Sets what is there.
    Replace { path: String, value: Value },
    /// Removes what is there.
    Remove { path: String },
}

impl Operation {
    /// Changes `document`.
    pub(super) fn apply(&self, document: &mut Value) -> Result<(), CorpusError> {
        let path = self.path();
        let done = match path.rsplit_once('/') {
            None => self.apply_to_whole(document),
            Some((parent, last)) => document
                .pointer_mut(parent)
                .and_then(|parent| self.apply_in(parent, &unescape(last))),
        };
        done.ok_or_else(|| CorpusError::new(format!("the policy has no place {path}")))
    }

    fn path(&self) -> &str {
        match self {
            Self::Add { path, .. } | Self::Replace { path, .. } | Self::Remove { path } => path,
        }
    }

    fn apply_to_whole(&self, document: &mut Value) -> Option<()> {
        match self {
            Self::Add { value, .. } | Self::Replace { value, .. } => *document = value.clone(),
            Self::Remove { .. } => return None,
        }
        Some(())
    }

    fn apply_in(&self, place: &mut Value, name: &str) -> Option<()> {
        match (self, place) {
            (Self::Add { value, .. }, Value::Object(members)) => {
                members.insert(name.to_owned(), value.clone());
            }
            (Self::Add { value, .. }, Value::Array(list)) => {
                let index = if name == "-" { list.len() } else { name.parse().ok()? };
                (index <= list.len()).then(|| list.insert(index, value.clone()))?;
            }
            (Self::Replace { value, .. }, place) => *child(place, name)? = value.clone(),
            (Self::Remove { .. }, Value::Object(members)) => {
                members.remove(name)?;
            }
            (Self::Remove { .. }, Value::Array(list)) => {
                let index = name.parse().ok().filter(|index| *index < list.len())?;
                list.remove(index);
            }
            _ => return None,
        }
        Some(())
    }
}

fn child<'a>(parent: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    match parent {
        Value::Object(members) => members.get_mut(name),
        Value::Array(list) => list.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(operation: &Value, expected: Option<&Value>) {
        let mut document = json!({ "a": [1, 2], "b": { "c": 3 } });
        let operation: Operation = serde_json::from_value(operation.clone()).unwrap();
        let result = operation.apply(&mut document).ok().map(|()| document);
        assert_eq!(result.as_ref(), expected, "{operation:?}");
    }

    #[test]
    fn adds_replaces_and_removes() {
        let add = json!({ "op": "add", "path": "/a/-", "value": 9 });
        check(&add, Some(&json!({ "a": [1, 2, 9], "b": { "c": 3 } })));
        let replace = json!({ "op": "replace", "path": "/b/c", "value": 9 });
        check(&replace, Some(&json!({ "a": [1, 2], "b": { "c": 9 } })));
        check(
            &json!({ "op": "remove", "path": "/a/0" }),
            Some(&json!({ "a": [2], "b": { "c": 3 } })),
        );
    }

    #[test]
    fn refuses_a_place_that_is_not_there() {
        check(&json!({ "op": "replace", "path": "/b/d", "value": 9 }), None);
        check(&json!({ "op": "remove", "path": "/a/2" }), None);
        check(&json!({ "op": "add", "path": "/x/y", "value": 9 }), None);
    }
}
