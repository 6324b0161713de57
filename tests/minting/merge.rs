//! JSON merge patch (RFC 7386): how a case names only what differs from the template.

use serde_json::{Map, Value};

/// Applies `patch` to `target`: members of objects are merged, `null` removes, all else replaces.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.as_str()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn removes_null_members_and_merges_objects() {
        let mut target = json!({ "a": { "b": 1, "c": 2 }, "d": [1] });
        merge(&mut target, &json!({ "a": { "b": null, "e": 3 }, "d": [2] }));
        assert_eq!(target, json!({ "a": { "c": 2, "e": 3 }, "d": [2] }));
    }
}
