//! JSON for JavaScript.

use serde::Serialize;

/// A value as JSON. By its type and not as `serde_json::Value`, which would bring ten kilobytes along to print fractions
/// that there are none of.
pub(crate) fn json(value: &impl Serialize) -> String {
    // It fails for maps whose keys are no texts, of which there is none.
    serde_json::to_string(value).unwrap_or_default()
}
