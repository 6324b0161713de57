//! Sets of request paths: what a source's matcher means, segment by segment.

use std::fmt::Write;

/// A segment of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment {
    Literal(String),
    /// Any one segment that is not empty.
    Any,
}

/// Where a path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// Behind the last segment.
    Here,
    /// At least one more segment follows, perhaps an empty one: `/a/` and `/a/b`.
    Below,
    /// Both: `/a`, `/a/` and `/a/b`.
    HereAndBelow,
}

/// A set of paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Path {
    pub(super) segments: Vec<Segment>,
    pub(super) end: End,
}

/// A matcher: a path, and whether it also means texts that go on within the last segment.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    pub(super) path: Path,
    /// `prefix: /api` means `/apix` as well, which no policy says.
    pub(super) is_open_ended: bool,
}

impl Path {
    pub(super) fn everything() -> Self {
        Self { segments: Vec::new(), end: End::Below }
    }

    /// Whether every path of the other is one of these.
    pub(super) fn contains(&self, other: &Self) -> bool {
        let length = self.segments.len();
        let begins_like = other.segments.len() >= length
            && self.segments.iter().zip(&other.segments).all(|(one, other)| one.contains(other));
        let is_deeper = other.segments.len() > length;
        begins_like
            && match (self.end, other.end) {
                (End::Here, End::Here) => !is_deeper,
                (End::Here, End::Below | End::HereAndBelow) => false,
                (End::Below, End::Below) | (End::HereAndBelow, _) => true,
                (End::Below, End::Here | End::HereAndBelow) => is_deeper,
            }
    }

    /// The paths in both sets.
    pub(super) fn intersection(&self, other: &Self) -> Option<Self> {
        let (short, long) =
            if self.segments.len() <= other.segments.len() { (self, other) } else { (other, self) };
        let mut segments = Vec::new();
        for (index, segment) in long.segments.iter().enumerate() {
            segments.push(match short.segments.get(index) {
                Some(other) => segment.common(other)?,
                None => segment.clone(),
            });
        }
        let is_deeper = long.segments.len() > short.segments.len();
        let end = match (short.end, long.end) {
            (End::Here, _) if is_deeper => return None,
            (_, end) if is_deeper => end,
            (End::HereAndBelow, end) | (end, End::HereAndBelow) => end,
            (one, other) if one == other => one,
            _ => return None,
        };
        Some(Self { segments, end })
    }

    /// The same paths with [`End::HereAndBelow`] in its two halves; the root has no upper one.
    pub(super) fn halves(&self) -> Vec<Self> {
        let with = |end| Self { segments: self.segments.clone(), end };
        match self.end {
            End::Here => vec![self.clone()],
            End::Below | End::HereAndBelow if self.segments.is_empty() => vec![with(End::Below)],
            End::Below | End::HereAndBelow => vec![with(End::Below), with(End::Here)],
        }
    }

    /// Whether some of these are siblings of the other's last segment, whatever that is, or below them.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        let siblings = other.siblings();
        let last = other.segments.len().saturating_sub(1);
        self.segments.get(last) == Some(&Segment::Any) && self.intersection(&siblings).is_some()
    }

    /// All siblings of the last segment and what is below them.
    pub(super) fn siblings(&self) -> Self {
        let mut segments = self.segments.clone();
        segments.pop();
        segments.push(Segment::Any);
        Self { segments, end: End::HereAndBelow }
    }

    /// As the policy writes it.
    pub(super) fn template(&self) -> String {
        let mut text = String::new();
        for (index, segment) in self.segments.iter().enumerate() {
            text.push('/');
            match segment {
                Segment::Literal(literal) => text.push_str(literal),
                Segment::Any => {
                    // Writing to a string does not fail.
                    let _ = write!(text, "{{p{index}}}");
                }
            }
        }
        if self.end != End::Here {
            text.push_str("/{rest...}");
        }
        text
    }
}

impl Segment {
    fn contains(&self, other: &Self) -> bool {
        match self {
            Self::Any => *other != Self::Literal(String::new()),
            Self::Literal(_) => self == other,
        }
    }

    fn common(&self, other: &Self) -> Option<Self> {
        if self.contains(other) {
            Some(other.clone())
        } else {
            other.contains(self).then(|| self.clone())
        }
    }
}

impl Matcher {
    pub(super) fn everything() -> Self {
        Self { path: Path::everything(), is_open_ended: false }
    }

    /// Whether it matches every one of these paths.
    pub(super) fn contains(&self, paths: &Path) -> bool {
        self.path.contains(paths) || self.is_open_ended && self.goes_on_in(paths)
    }

    /// Whether these are paths such as `/apix` and `/apix/y` for the prefix `/api`.
    fn goes_on_in(&self, paths: &Path) -> bool {
        let Some((Segment::Literal(last), before)) = self.path.segments.split_last() else {
            return false;
        };
        let Some(Segment::Literal(longer)) = paths.segments.get(before.len()) else { return false };
        let parents = paths.segments.iter().zip(before);
        longer.starts_with(last.as_str())
            && parents.into_iter().all(|(one, other)| other.contains(one))
    }

    /// `/a/b` and nothing else.
    pub(super) fn exact(text: &str) -> Option<Self> {
        Some(Self::plain(Path { segments: literals(text)?, end: End::Here }))
    }

    /// Every text that begins like this one, as Envoy's `prefix`.
    pub(super) fn prefix(text: &str) -> Option<Self> {
        let mut segments = literals(text)?;
        if segments.last() == Some(&Segment::Literal(String::new())) {
            segments.pop();
            return Some(Self::plain(Path { segments, end: End::Below }));
        }
        Some(Self { path: Path { segments, end: End::HereAndBelow }, is_open_ended: true })
    }

    /// The path and what is below it, segment by segment.
    pub(super) fn below(text: &str) -> Option<Self> {
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.is_empty() {
            return Some(Self::everything());
        }
        Some(Self::plain(Path { segments: literals(text)?, end: End::HereAndBelow }))
    }

    /// Literals with `[^/]+` for a segment and perhaps `.*` at the end; no other regular expression can be
    /// said without changing what it matches.
    pub(super) fn regex(text: &str) -> Option<Self> {
        let text = text.strip_prefix('^').unwrap_or(text);
        let text = text.strip_suffix('$').unwrap_or(text).replace("[^/]+", "{*}");
        Self::with_wildcards(&text, "{*}", ".*", |segment| {
            let literal = segment.replace("\\.", ".").replace("\\-", "-");
            let has_dots_escaped = segment.matches("\\.").count() == literal.matches('.').count();
            let is_literal = literal
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-~:@,=".contains(&byte));
            (has_dots_escaped && is_literal).then_some(literal)
        })
    }

    /// All that a regular expression could match, and more: what is below its leading literals.
    pub(super) fn around_regex(text: &str) -> Self {
        let text = text.strip_prefix('^').unwrap_or(text);
        // An alternative or a slash that may be missing: nothing is sure.
        if ["|", "/?", "/*", "/{"].iter().any(|doubt| text.contains(doubt)) {
            return Self::everything();
        }
        let is_literal = |segment: &&str| {
            segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-~".contains(&byte))
        };
        let whole = text.rsplit_once('/').map_or("", |(whole, _)| whole);
        let Some(rest) = whole.strip_prefix('/') else { return Self::everything() };
        let literals = rest.split('/').take_while(is_literal);
        let segments = literals.map(|text| Segment::Literal(text.to_owned())).collect();
        Self::plain(Path { segments, end: End::Below })
    }

    /// Istio's templates: `{*}` for a segment, `{**}` for the rest.
    pub(super) fn template(text: &str) -> Option<Self> {
        Self::with_wildcards(text, "{*}", "{**}", |literal| {
            is_plain(literal).then(|| literal.to_owned())
        })
    }

    fn with_wildcards(
        text: &str,
        one: &str,
        rest: &str,
        literal: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let mut segments = Vec::new();
        let mut end = End::Here;
        for segment in text.strip_prefix('/')?.split('/') {
            if end != End::Here {
                return None;
            }
            if segment == one {
                segments.push(Segment::Any);
            } else if segment == rest {
                end = End::Below;
            } else {
                segments.push(Segment::Literal(literal(segment)?));
            }
        }
        Some(Self::plain(Path { segments, end }))
    }

    fn plain(path: Path) -> Self {
        Self { path, is_open_ended: false }
    }
}

fn literals(text: &str) -> Option<Vec<Segment>> {
    let rest = text.strip_prefix('/')?;
    rest.split('/')
        .map(|segment| is_plain(segment).then(|| Segment::Literal(segment.to_owned())))
        .collect()
}

/// What a policy takes as a literal; the policy's own check is the last word.
fn is_plain(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        let matcher = Matcher::template(text);
        matcher.map_or_else(|| panic!("{text}"), |matcher| matcher.path)
    }

    #[test]
    fn contains_narrower_paths_only() {
        assert!(path("/{**}").contains(&path("/a/b")));
        assert!(path("/{**}").contains(&path("/")));
        assert!(path("/a/{**}").contains(&path("/a/")));
        assert!(!path("/a/{**}").contains(&path("/a")));
        assert!(path("/{*}/b").contains(&path("/a/b")));
        assert!(!path("/a/b").contains(&path("/{*}/b")));
        assert!(!path("/a").contains(&path("/a/{**}")));
        assert!(!path("/a/{*}").contains(&path("/a/")));
    }

    #[test]
    fn intersects_paths_that_cross() {
        assert_eq!(path("/{*}/b").intersection(&path("/a/{*}")), Some(path("/a/b")));
        assert_eq!(path("/a/{**}").intersection(&path("/{*}/b")), Some(path("/a/b")));
        assert_eq!(path("/a/{**}").intersection(&path("/a")), None);
        assert_eq!(path("/a").intersection(&path("/b")), None);
    }

    #[test]
    fn reads_matchers() {
        let template = |matcher: Option<Matcher>| matcher.map(|matcher| matcher.path.template());
        assert_eq!(template(Matcher::prefix("/")).as_deref(), Some("/{rest...}"));
        assert_eq!(template(Matcher::prefix("/a/")).as_deref(), Some("/a/{rest...}"));
        assert!(Matcher::prefix("/a").is_some_and(|matcher| matcher.is_open_ended));
        assert_eq!(template(Matcher::regex("^/a/[^/]+/b$")).as_deref(), Some("/a/{p1}/b"));
        assert_eq!(template(Matcher::regex("/v1\\.0/.*")).as_deref(), Some("/v1.0/{rest...}"));
        for (regex, around) in [
            ("^/a/b/[0-9]+$", "/a/b/{rest...}"),
            ("/a/b[0-9]/c", "/a/{rest...}"),
            ("/a/?b", "/{rest...}"),
            ("/a/b|/c", "/{rest...}"),
            (".*", "/{rest...}"),
        ] {
            assert_eq!(Matcher::around_regex(regex).path.template(), around, "{regex}");
        }
        for lost in ["/a/[0-9]+", "/a.b", "/(a|b)", "a", "/.*/a", "/a.*"] {
            assert!(Matcher::regex(lost).is_none(), "{lost}");
        }
    }
}
