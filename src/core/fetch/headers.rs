//! The header lines of an answer that say how long it is good and how to ask for it again. They only
//! move the time of the next fetch within the policy's bounds, so a strange value is no value.

use alloc::string::String;

use super::FetchResponse;

/// What an answer says about asking again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CacheHeaders {
    /// `Cache-Control: max-age` less `Age` (RFC 9111 s4.2).
    pub(crate) fresh_seconds: Option<u64>,
    /// `Retry-After` in seconds (RFC 9110 s10.2.3); dates are passed over.
    pub(crate) retry_after_seconds: Option<u64>,
    /// `ETag` (RFC 9110 s8.8.3).
    pub(crate) entity_tag: Option<String>,
}

impl CacheHeaders {
    /// Reads them; an answer that never came has none.
    pub(crate) fn of(response: &FetchResponse<'_>) -> Self {
        let FetchResponse::Received { headers, .. } = response else { return Self::default() };
        let age = find(headers, "age").and_then(seconds).unwrap_or_default();
        Self {
            fresh_seconds: maximum_age(headers).map(|maximum| maximum.saturating_sub(age)),
            retry_after_seconds: find(headers, "retry-after").and_then(seconds),
            entity_tag: find(headers, "etag").and_then(entity_tag).map(Into::into),
        }
    }
}

type Lines<'a> = &'a [(&'a [u8], &'a [u8])];

fn lines<'a>(headers: Lines<'a>, name: &str) -> impl Iterator<Item = &'a str> {
    let named =
        headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name.as_bytes()));
    named.filter_map(|(_, value)| core::str::from_utf8(value).ok()).map(str::trim)
}

fn find<'a>(headers: Lines<'a>, name: &str) -> Option<&'a str> {
    lines(headers, name).next()
}

/// The least `max-age` of all lines; `no-cache` and `no-store` ask for the shortest time there is.
fn maximum_age(headers: Lines<'_>) -> Option<u64> {
    lines(headers, "cache-control").flat_map(|line| line.split(',')).filter_map(directive).min()
}

fn directive(text: &str) -> Option<u64> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    match name.trim() {
        name if name.eq_ignore_ascii_case("max-age") => seconds(value.trim().trim_matches('"')),
        name if name.eq_ignore_ascii_case("no-cache") => Some(0),
        name if name.eq_ignore_ascii_case("no-store") => Some(0),
        _ => None,
    }
}

/// Digits only; what is too long for a number is as long as can be (RFC 9111 s1.2.2).
fn seconds(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// An entity tag that may be sent back as it is: quoted, visible, not long.
pub(crate) fn entity_tag(text: &str) -> Option<&str> {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let inner = opaque.strip_prefix('"')?.strip_suffix('"')?;
    let plain = inner.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    (plain && text.len() <= MAXIMUM_ENTITY_TAG).then_some(text)
}

/// Bytes of an entity tag.
const MAXIMUM_ENTITY_TAG: usize = 256;

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    fn read(headers: &[(&str, &str)]) -> CacheHeaders {
        let headers: Vec<(&[u8], &[u8])> =
            headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        CacheHeaders::of(&FetchResponse::Received { status: 200, headers: &headers, body: b"" })
    }

    #[test]
    fn takes_the_shortest_age_and_counts_the_time_in_caches() {
        for (lines, expected) in [
            (&[("cache-control", "public, max-age=300")][..], Some(300)),
            (&[("Cache-Control", "MAX-AGE=300"), ("age", "100")], Some(200)),
            (&[("cache-control", "max-age=300"), ("age", "400")], Some(0)),
            (&[("cache-control", "max-age=300"), ("cache-control", "max-age=\"60\"")], Some(60)),
            (&[("cache-control", "max-age=300, no-cache")], Some(0)),
            (&[("cache-control", "max-age=300, No-Store")], Some(0)),
            (&[("cache-control", "max-age=99999999999999999999")], Some(u64::MAX)),
            (&[("cache-control", "max-age=-1, s-maxage=5, max-age")], None),
            (&[("cache-control", "\u{e9}")], None),
            (&[], None),
        ] {
            assert_eq!(read(lines).fresh_seconds, expected, "{lines:?}");
        }
    }

    #[test]
    fn reads_a_retry_time_in_seconds_only() {
        for (value, expected) in [
            ("120", Some(120)),
            (" 5 ", Some(5)),
            ("Fri, 31 Dec 2027 23:59:59 GMT", None),
            ("", None),
        ] {
            assert_eq!(read(&[("retry-after", value)]).retry_after_seconds, expected, "{value}");
        }
    }

    #[test]
    fn keeps_entity_tags_that_may_be_sent_back() {
        for tag in [r#""a""#, r#"W/"1-2""#, r#""""#] {
            assert_eq!(read(&[("etag", tag)]).entity_tag.as_deref(), Some(tag));
        }
        let long = format!("\"{}\"", "a".repeat(300));
        for tag in ["a", "\"", "\"a\"b\"", "\"a\r\nx: y\"", "w/\"a\"", &long] {
            assert_eq!(read(&[("etag", tag)]).entity_tag, None, "{tag}");
        }
    }
}
