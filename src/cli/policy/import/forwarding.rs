//! What goes on to the upstream is one rule for all issuers. Where providers differ, it is told.

use std::collections::BTreeMap;

use super::notes::Notes;
use super::provider::Provider;

/// Makes the providers agree: the strictest of any.
pub(super) fn settle(providers: &mut [Provider], notes: &mut Notes) {
    take_out_contested_headers(providers, notes);
    let [first, rest @ ..] = &*providers else { return };
    for provider in rest {
        if provider.strips_token != first.strips_token {
            notes.changed(
                &provider.place,
                "one provider forwards the token and another does not; now no upstream sees one",
            );
        }
        if provider.headers != first.headers {
            notes.changed(
                &provider.place,
                "providers fill different headers; now each of these headers is filled for tokens of every issuer",
            );
        }
    }
}

/// An upstream that reads a header must know what it holds.
fn take_out_contested_headers(providers: &mut [Provider], notes: &mut Notes) {
    let mut contents: BTreeMap<String, &str> = BTreeMap::new();
    let mut contested = Vec::new();
    for provider in &*providers {
        for (header, content) in &provider.headers {
            if *contents.entry(header.clone()).or_insert(content) != *content {
                notes.changed(
                    &provider.place,
                    "two claims go into one header; it is removed: forward them under different names",
                );
                contested.push(header.clone());
            }
        }
    }
    for provider in providers {
        provider.headers.retain(|(header, _)| !contested.contains(header));
        provider.strip.extend(contested.iter().cloned());
    }
}
