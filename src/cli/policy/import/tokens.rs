//! Tokens and headers beside `Authorization`, whatever the source calls them.

use super::notes::Notes;
use super::provider::{Provider, content_of};
use super::source::Source;

/// A header that tokens came in. It is not looked at any more, so no upstream may take what is in it for
/// verified: it goes.
pub(super) fn in_header(
    place: &str,
    name: &str,
    prefix: &str,
    provider: &mut Provider,
    notes: &mut Notes,
) {
    let name = name.to_lowercase();
    if name == "authorization" && prefix.trim_end().eq_ignore_ascii_case("bearer") {
        return;
    }
    notes.tighter(
        place,
        "tokens are taken from `Authorization: Bearer` only (RFC 6750 section 2.1); clients must change, and the \
         header is removed",
    );
    if name != "authorization" {
        provider.strip.push(name);
    }
}

/// Where tokens are looked for if a source does not say it: in `Authorization`, and in the query.
pub(super) fn in_default_places(place: &str, notes: &mut Notes) {
    notes.tighter(
        place,
        "tokens were taken from the query parameter access_token, too; now from `Authorization: Bearer` only (RFC 9700 \
         section 4.3.2)",
    );
}

/// Query parameters or cookies that tokens came in.
pub(super) fn elsewhere(source: &Source<'_>, members: [&str; 2], notes: &mut Notes) {
    for field in members.into_iter().filter_map(|member| source.field(member)) {
        notes.tighter(
            &field.place,
            "tokens are taken from `Authorization: Bearer` only (RFC 9700 section 4.3.2); clients must change, and no \
             upstream may read the token from here: nobody has verified it",
        );
    }
}

/// A claim into a header, or the header taken away, so that no client can write it.
pub(super) fn claim_to_header(
    place: &str,
    header: &str,
    claim: &str,
    provider: &mut Provider,
    notes: &mut Notes,
) {
    let header = header.to_lowercase();
    if let Some(content) = content_of(claim) {
        provider.headers.push((header, content));
        return;
    }
    notes.changed(
        place,
        "this claim is not forwarded, and the header is removed; there are aud, client_id, iss, jti, scope and sub",
    );
    provider.strip.push(header);
}

/// A header with the whole payload.
pub(super) fn payload_header(field: &Source<'_>, provider: &mut Provider, notes: &mut Notes) {
    notes.changed(
        &field.place,
        "the payload is not forwarded; the header is removed: read the headers under forward.headers instead",
    );
    provider.strip.extend(field.text().map(str::to_lowercase));
}
