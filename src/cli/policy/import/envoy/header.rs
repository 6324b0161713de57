//! Matchers of texts and headers.

use super::super::notes::Notes;
use super::super::path::{Matcher, Path};
use super::super::rules::Condition;
use super::super::source::Source;

/// The texts that a matcher of `:method` or `:authority` names; none if it is another kind.
pub(super) fn texts(matcher: &Source<'_>) -> Option<Vec<String>> {
    if matcher.is_true("invert_match") || matcher.is_true("treat_missing_header_as_empty") {
        return None;
    }
    let string = matcher.field("string_match").unwrap_or_else(|| matcher.clone());
    if string.is_true("ignore_case") {
        return None;
    }
    let exact = string.text_at("exact").or_else(|| matcher.text_at("exact_match"));
    if let Some(text) = exact {
        return Some(vec![text]);
    }
    let regex = string.field("safe_regex").or_else(|| matcher.field("safe_regex_match"))?;
    alternatives(&regex.text_at("regex")?)
}

/// `GET|POST`, perhaps in parentheses and between `^` and `$`.
fn alternatives(regex: &str) -> Option<Vec<String>> {
    let text = regex.trim_start_matches('^').trim_end_matches('$');
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let names: Vec<_> = text.split('|').map(str::to_owned).collect();
    let is_plain =
        |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase());
    names.iter().all(is_plain).then_some(names)
}

/// Adds what a header matcher says to a condition; false if it cannot be said.
pub(super) fn add(header: &Source<'_>, condition: &mut Condition) -> bool {
    let name = header.text_at("name").unwrap_or_default();
    match name.as_str() {
        ":method" if condition.methods.is_empty() => texts(header).is_some_and(|names| {
            condition.methods = names;
            true
        }),
        ":authority" | "host" | "Host" if condition.hosts.is_empty() => texts(header)
            .filter(|names| names.iter().all(|name| !name.contains(':')))
            .is_some_and(|names| {
                condition.hosts = names;
                true
            }),
        ":path" => set(condition, path_with_query(header)),
        _ => false,
    }
}

/// The header `:path` holds the query as well. Only the beginning of it says the same about the path: an
/// exact text would match without any query, and we would let in the rest.
fn path_with_query(source: &Source<'_>) -> Option<Matcher> {
    let string = source.field("string_match").unwrap_or_else(|| source.clone());
    let is_prefix = string.field("prefix").is_some() || source.field("prefix_match").is_some();
    string_path(source).filter(|_| is_prefix)
}

/// A path by the matcher of a text.
pub(super) fn string_path(source: &Source<'_>) -> Option<Matcher> {
    let string = source.field("string_match").unwrap_or_else(|| source.clone());
    if string.is_true("ignore_case") || source.is_true("invert_match") {
        return None;
    }
    let text = |names: [&str; 2]| string.text_at(names[0]).or_else(|| source.text_at(names[1]));
    if let Some(text) = text(["exact", "exact_match"]) {
        return Matcher::exact(&text);
    }
    if let Some(text) = text(["prefix", "prefix_match"]) {
        return Matcher::prefix(&text);
    }
    let regex = string.field("safe_regex").or_else(|| source.field("safe_regex_match"))?;
    Matcher::regex(&regex.text_at("regex")?)
}

/// The condition of a `match`, and whether it is all that the source says. If not, it is too wide.
pub(super) fn route_match(source: &Source<'_>, notes: &mut Notes) -> (Condition, bool) {
    let mut condition = Condition::everything();
    let mut is_whole = true;
    for (name, member) in source.members() {
        let carried = match name {
            "prefix" => set(&mut condition, member.text().and_then(Matcher::prefix)),
            "path" => set(&mut condition, member.text().and_then(Matcher::exact)),
            "path_separated_prefix" | "pathSeparatedPrefix" => {
                set(&mut condition, member.text().and_then(Matcher::below))
            }
            "safe_regex" | "safeRegex" => {
                set(&mut condition, member.text_at("regex").as_deref().and_then(Matcher::regex))
            }
            "headers" => member.elements().iter().all(|header| add(header, &mut condition)),
            "case_sensitive" | "caseSensitive" => {
                if !source.is_true("case_sensitive") {
                    notes.tighter(
                        &member.place,
                        "another letter case of a path is refused, not treated as the same",
                    );
                }
                true
            }
            _ => false,
        };
        if !carried {
            if let Some(regex) = member.text_at("regex") {
                set(&mut condition, Some(Matcher::around_regex(&regex)));
            }
            notes.lost(&member.place, hint(name));
            is_whole = false;
        }
    }
    (condition, is_whole)
}

/// A path, unless there is one already: two of them together are not one matcher.
pub(super) fn set(condition: &mut Condition, matcher: Option<Matcher>) -> bool {
    let is_first = condition.matcher.path == Path::everything();
    match matcher {
        Some(matcher) if is_first => {
            condition.matcher = matcher;
            true
        }
        _ => false,
    }
}

fn hint(name: &str) -> &'static str {
    match name {
        "safe_regex" | "safeRegex" => {
            "this regular expression has no counterpart; list its paths, with {name} for a segment"
        }
        "headers" => {
            "only :method, :authority and the beginning of :path can be matched; write this rule by hand"
        }
        "prefix" | "path" => "characters that no route takes; write it with plain segments",
        _ => "routes do not match by this; write this rule by path, method or host",
    }
}
