//! Paths: the request's, which must have one meaning only, and the policy's templates.

use alloc::string::String;
use alloc::vec::Vec;

use crate::percent;

/// A segment of a path template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TemplateSegment {
    /// Exactly this text.
    Literal(String),
    /// `{name}`: one segment that is not empty.
    Parameter,
    /// `{name...}`: all that is left, perhaps nothing.
    Rest,
}

/// Why a text is no path template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TemplateError {
    NoLeadingSlash,
    /// A literal that no unambiguous request path contains.
    Literal,
    Braces,
    RestNotLast,
    TooLong,
}

impl TemplateError {
    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::NoLeadingSlash => "a path begins with `/`",
            Self::Literal => {
                "a literal segment holds letters, digits and -._~!$&'()*+,=:@ only, and is not empty, \
                 `.` or `..`"
            }
            Self::Braces => {
                "a parameter is a whole segment such as `{id}`, or `{rest...}` at the end"
            }
            Self::RestNotLast => "`{name...}` must be the last segment",
            Self::TooLong => "a path has at most 32 segments",
        }
    }
}

/// Reads a template such as `/orders/{id}`.
pub(super) fn parse_template(text: &str) -> Result<Vec<TemplateSegment>, TemplateError> {
    let path = text.strip_prefix('/').ok_or(TemplateError::NoLeadingSlash)?;
    let mut segments = Vec::new();
    for segment in path.split('/') {
        if segments.last() == Some(&TemplateSegment::Rest) {
            return Err(TemplateError::RestNotLast);
        }
        segments.push(parse_segment(segment)?);
    }
    // "/" and "/a/" end in an empty literal; an empty one elsewhere could never match.
    let middle = segments.len().saturating_sub(1);
    let empty = TemplateSegment::Literal(String::new());
    if segments.iter().take(middle).any(|segment| *segment == empty) {
        return Err(TemplateError::Literal);
    }
    if segments.len() > MAXIMUM_SEGMENTS { Err(TemplateError::TooLong) } else { Ok(segments) }
}

fn parse_segment(segment: &str) -> Result<TemplateSegment, TemplateError> {
    if !segment.contains(['{', '}']) {
        let plain = segment.bytes().all(is_plain) && !is_dots(segment.as_bytes());
        return if plain {
            Ok(TemplateSegment::Literal(segment.into()))
        } else {
            Err(TemplateError::Literal)
        };
    }
    let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let name = name.ok_or(TemplateError::Braces)?;
    let (name, parsed) = match name.strip_suffix("...") {
        Some(name) => (name, TemplateSegment::Rest),
        None => (name, TemplateSegment::Parameter),
    };
    let well_formed = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if well_formed { Ok(parsed) } else { Err(TemplateError::Braces) }
}

/// The segments of a request path, or none if two programs could read the path differently: empty
/// and dot segments, encoded slashes, dots or letters, double encoding, backslashes, parameters
/// behind `;`. An upstream may resolve each of them to another resource than the one decided on.
pub(super) fn segments(path: &[u8]) -> Option<impl Iterator<Item = &[u8]> + Clone> {
    let rest = path.strip_prefix(b"/")?;
    let segments = rest.split(|byte| *byte == b'/');
    let count = segments.clone().count();
    let unambiguous = segments.clone().enumerate().all(|(index, segment)| {
        is_unambiguous(segment) && (!segment.is_empty() || index.saturating_add(1) == count)
    });
    unambiguous.then_some(segments)
}

/// A segment unescaped and in lower case: equal for texts that a lenient upstream takes for the same.
pub(super) fn fold(segment: &[u8]) -> Vec<u8> {
    let mut folded = Vec::with_capacity(segment.len());
    let mut rest = segment;
    while let Some((byte, next)) = percent::decode_first(rest) {
        folded.push(byte.to_ascii_lowercase());
        rest = next;
    }
    folded
}

fn is_unambiguous(segment: &[u8]) -> bool {
    if is_dots(segment) {
        return false;
    }
    let mut rest = segment;
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'%', [high, low, tail @ ..]) if is_harmless_escape(*high, *low, tail) => tail,
            (byte, tail) if is_plain(*byte) => tail,
            _ => return false,
        };
    }
    true
}

fn is_dots(segment: &[u8]) -> bool {
    segment == b"." || segment == b".."
}

/// Characters that stand for themselves (RFC 3986 `pchar` without `;` and escapes).
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte)
}

/// An escape of a byte that could not stand unescaped and means nothing to a path: no control
/// character, no separator, and no `%` that would make a second escape of what follows.
fn is_harmless_escape(high: u8, low: u8, tail: &[u8]) -> bool {
    let Some(byte) = percent::escaped(high, low) else {
        return false;
    };
    let separator = b"/\\;".contains(&byte);
    let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let doubled = byte == b'%'
        && matches!(tail, [first, second, ..] if percent::escaped(*first, *second).is_some());
    !byte.is_ascii_control() && !separator && !unreserved && !doubled
}

/// Segments of a template.
pub(super) const MAXIMUM_SEGMENTS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_templates() {
        let segments = parse_template("/orders/{id}/items/{rest...}").unwrap();
        assert_eq!(segments.len(), 4);
        assert_eq!(segments.last(), Some(&TemplateSegment::Rest));
        assert_eq!(parse_template("/").unwrap(), [TemplateSegment::Literal(String::new())]);
    }

    #[test]
    fn refuses_templates_that_could_never_match() {
        for (text, expected) in [
            ("", TemplateError::NoLeadingSlash),
            ("orders", TemplateError::NoLeadingSlash),
            ("/a//b", TemplateError::Literal),
            ("/a/../b", TemplateError::Literal),
            ("/a b", TemplateError::Literal),
            ("/a%20b", TemplateError::Literal),
            ("/x{id}", TemplateError::Braces),
            ("/{}", TemplateError::Braces),
            ("/{a}{b}", TemplateError::Braces),
            ("/{rest...}/a", TemplateError::RestNotLast),
        ] {
            assert_eq!(parse_template(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn reads_paths_with_one_meaning() {
        for path in
            ["/", "/a", "/a/", "/a/b.json", "/a%20b", "/caf%C3%A9", "/100%25", "/a:b@c", "/..a"]
        {
            assert!(segments(path.as_bytes()).is_some(), "{path}");
        }
    }

    #[test]
    fn refuses_paths_with_two_meanings() {
        for path in [
            "",
            "*",
            "a",
            "//",
            "//admin",
            "/a//b",
            "/.",
            "/..",
            "/a/../b",
            "/a/./b",
            "/%2e%2e/b",
            "/%2E",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a;x=1",
            "/a%3bx",
            "/%61dmin",
            "/a%00b",
            "/a%0d",
            "/%",
            "/%2",
            "/%zz",
            "/%252e",
            "/a b",
            "/a\u{e9}",
            "/a#b",
            "/a\"b",
        ] {
            assert!(segments(path.as_bytes()).is_none(), "{path}");
        }
    }
}
