//! `to`: which requests a rule is about.

use super::super::notes::Notes;
use super::super::path::Matcher;
use super::super::rules::Condition;
use super::super::source::Source;

/// One condition for each operation and path of it; what cannot be said is told.
pub(super) fn all(rule: &Source<'_>, notes: &mut Notes) -> Vec<Condition> {
    let operations = rule.list("to");
    if operations.is_empty() && rule.field("to").is_none_or(|to| to.value.is_array()) {
        return vec![Condition::everything()];
    }
    if operations.is_empty() {
        notes.lost(&rule.place, "`to` is no list; correct the source");
    }
    let mut all = Vec::new();
    for to in operations {
        match to.field("operation").filter(|_| to.has_only(&["operation"], notes)) {
            Some(operation) => all.extend(conditions(&operation, notes)),
            None => notes.lost(&to.place, "no operation; name one, or leave `to` out"),
        }
    }
    all
}

fn conditions(operation: &Source<'_>, notes: &mut Notes) -> Vec<Condition> {
    if !operation.has_only(&["hosts", "methods", "paths"], notes) {
        return Vec::new();
    }
    let methods = operation.texts("methods", notes);
    if methods.iter().any(|method| method.contains('*') && method != "*") {
        notes.lost(&operation.place, "a part of a method's name; name whole methods");
    }
    let methods = if methods.iter().any(|method| method == "*") { Vec::new() } else { methods };
    let condition =
        Condition { matcher: Matcher::everything(), methods, hosts: hosts(operation, notes) };
    let paths = operation.texts("paths", notes);
    if paths.is_empty() {
        return vec![condition];
    }
    let mut all = Vec::new();
    for path in &paths {
        match matcher(path) {
            Some(matcher) => all.push(Condition { matcher, ..condition.clone() }),
            None => notes.lost(
                &operation.place,
                "a path that no route can say; use a whole path, /a/* at the end, {*} or {**}",
            ),
        }
    }
    all
}

fn hosts(operation: &Source<'_>, notes: &mut Notes) -> Vec<String> {
    let hosts: Vec<_> =
        operation.texts("hosts", notes).iter().map(|host| host.to_lowercase()).collect();
    if hosts.iter().any(|host| host == "*") {
        return Vec::new();
    }
    let is_sayable = |host: &String| !host.strip_prefix("*.").unwrap_or(host).contains(['*', ':']);
    if !hosts.iter().all(is_sayable) {
        notes.lost(
            &operation.place,
            "a host with a port or with * elsewhere than in front; write name or *.name",
        );
    }
    hosts
}

/// A whole path, one that ends in `*`, or one with `{*}`; `*` in front has no counterpart.
fn matcher(path: &str) -> Option<Matcher> {
    if path == "*" {
        return Some(Matcher::everything());
    }
    if path.contains('{') {
        return Matcher::template(path);
    }
    match path.strip_suffix('*') {
        Some(prefix) if !prefix.contains('*') => Matcher::prefix(prefix),
        Some(_) => None,
        None if path.contains('*') => None,
        None => Matcher::exact(path),
    }
}
