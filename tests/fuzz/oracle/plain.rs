//! Whether all readers of JSON read a text alike.

use serde_json::Value;

/// Written as `serde_json` writes it: no member twice, nothing escaped that need not be, members in order. Not too deep
/// and not too wide, and without NUL.
pub(super) fn is_plain(json: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(json) else { return false };
    let is_canonical = serde_json::to_vec(&value).is_ok_and(|canonical| canonical == json);
    is_canonical && is_modest(&value, 1)
}

fn is_modest(value: &Value, depth: usize) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.contains('\0'),
        Value::Array(list) => {
            depth <= MAXIMUM_DEPTH && list.iter().all(|element| is_modest(element, depth + 1))
        }
        Value::Object(members) => {
            depth <= MAXIMUM_DEPTH
                && members.len() <= MAXIMUM_MEMBERS
                && members.keys().all(|name| !name.contains('\0'))
                && members.values().all(|member| is_modest(member, depth + 1))
        }
    }
}

const MAXIMUM_DEPTH: usize = 16;
const MAXIMUM_MEMBERS: usize = 64;
