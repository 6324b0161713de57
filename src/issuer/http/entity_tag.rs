//! Conditional requests.

use axum::http::HeaderMap;
use axum::http::header::IF_NONE_MATCH;

/// RFC 9110 s13.1.2: a list of tags, compared weakly, or `*`.
pub(super) fn is_known(headers: &HeaderMap, entity_tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == entity_tag)
}
