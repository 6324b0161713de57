//! The document: counts, then every difference under the sentence that decides it.

use core::fmt::Write;
use std::collections::BTreeMap;

use super::comparison::{Comparison, Row};
use super::rules::{Rule, Rules, Side};
use crate::corpus::CorpusError;

/// `envoy/DIFFERENCES.md` as Markdown.
pub fn document(comparison: &Comparison) -> Result<String, CorpusError> {
    let rules = Rules::load()?;
    let explained = rules.explain(&comparison.rows)?;
    let mut text = INTRODUCTION.to_owned();
    text.push_str(&summary(comparison));
    text.push_str(CONDITIONS);
    section(&mut text, "Ours is more lenient", Side::Lenient, &explained);
    section(&mut text, "Ours is stricter", Side::Stricter, &explained);
    statuses(&mut text, &rules, &comparison.rows)?;
    Ok(text)
}

fn summary(comparison: &Comparison) -> String {
    let count = |ours, peer| {
        let rows = comparison.rows.iter();
        rows.filter(|row| (row.ours.is_accepted, row.peer.is_accepted) == (ours, peer)).count()
    };
    format!(
        "| | requests |\n|---|--:|\n| sent to each side | {} |\n| refused by both | {} |\n\
         | accepted by both | {} |\n| ours stricter | {} |\n| ours more lenient | {} |\n\n",
        comparison.requests(),
        count(false, false),
        count(true, true),
        count(false, true),
        count(true, false),
    )
}

fn section(text: &mut String, title: &str, side: Side, explained: &[(&Rule, Vec<&Row>)]) {
    let ours: Vec<_> = explained.iter().filter(|(rule, _)| rule.side == side).collect();
    let total: usize = ours.iter().map(|(_, rows)| rows.len()).sum();
    // Writing to a string does not fail.
    let _ = writeln!(text, "## {title}: {total}\n");
    for (rule, rows) in ours {
        let _ = writeln!(text, "### {} ({})\n", rule.title, rows.len());
        let _ = writeln!(text, "> {}\n>\n> {}\n", rule.quote, rule.source);
        if !rule.note.is_empty() {
            let _ = writeln!(text, "{}\n", rule.note);
        }
        text.push_str("| | request | `jwt_authn` + RBAC | ours |\n|---|---|---|---|\n");
        for row in rows {
            let (family, words) = (&row.family, escape(&row.words));
            let _ = writeln!(text, "| {family} | {words} | {} | {} |", row.peer, row.ours);
        }
        text.push('\n');
    }
}

/// Requests that nobody lets through, but with different statuses.
fn statuses(text: &mut String, rules: &Rules, rows: &[Row]) -> Result<(), CorpusError> {
    let mut pairs: BTreeMap<(u16, u16), Reasons<'_>> = BTreeMap::new();
    let refused = rows.iter().filter(|row| !row.ours.is_accepted && !row.peer.is_accepted);
    for row in refused.filter(|row| row.ours.status != row.peer.status) {
        let reasons = (row.peer.reason.as_str(), row.ours.reason.as_str());
        *pairs
            .entry((row.peer.status, row.ours.status))
            .or_default()
            .entry(reasons)
            .or_default() += 1;
    }
    let total: usize = pairs.values().flat_map(BTreeMap::values).sum();
    let _ = writeln!(text, "## Refused by both, with another status: {total}\n");
    for ((peer, ours), reasons) in pairs {
        let rule = rules.status(peer, ours)?;
        let _ = writeln!(text, "### {peer} there, {ours} here\n");
        let _ = writeln!(text, "> {}\n>\n> {}\n", rule.quote, rule.source);
        text.push_str("| `jwt_authn` + RBAC | ours | requests |\n|---|---|--:|\n");
        for ((peer, ours), count) in reasons {
            let _ = writeln!(text, "| `{peer}` | `{ours}` | {count} |");
        }
        text.push('\n');
    }
    // One empty line less at the end of the file.
    text.pop();
    Ok(())
}

/// How many refusals had this reason there and that one here.
type Reasons<'a> = BTreeMap<(&'a str, &'a str), usize>;

/// Words of a case in a cell of a Markdown table; control characters would break it.
fn escape(words: &str) -> String {
    let mut escaped = String::new();
    for character in words.chars() {
        if "\\`*_{}[]<>#|~&$!".contains(character) {
            escaped.push('\\');
        }
        escaped.push(if character.is_control() { ' ' } else { character });
    }
    escaped
}

const INTRODUCTION: &str = "# Request by request: Envoy's own filters and this one

<!-- Written by `cargo xtask differences`; a test writes it again and compares.
     More than 400 lines: one for each difference. -->

One Envoy with two listeners: on one this filter, on the other `jwt_authn` and RBAC. Both got the same hostile
requests, byte for byte, with the same keys, audiences, scopes and clock. Where only one of them let a request
through, this document names the sentence that decides who is right.

";

const CONDITIONS: &str = "What was compared:

- Envoy 1.40, for both listeners hardened as in `envoy/envoy.yaml`.
- `jwt_authn` as strict as it can be: `require_expiration`, `max_lifetime` of a day, the same clock skew of
  10 seconds, tokens from `Authorization` only. Its defaults would let more pass: tokens without `exp`, tokens in the
  query, 60 seconds of skew.
- RBAC for methods, paths and scopes, on the metadata that `jwt_authn` leaves.
- The requests are those of `tests/corpus` that both sides can judge, and systematic families: every algorithm name
  over every key, every claim with every JSON type, times around each limit, junk at every seam.

";
