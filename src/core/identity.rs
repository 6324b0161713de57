//! The headers by which an upstream knows its caller.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt::Write;

use crate::claims::Claims;
use crate::decision::Facts;
use crate::policy::{Forward, Policy, Source, TokenForwarding};
use crate::request::Request;

/// The names of the client's headers that must not pass, in lower case, each once.
pub(crate) fn reserved(policy: &Policy, request: &Request<'_>) -> Vec<Cow<'static, str>> {
    let must_not_pass = |name: &[u8]| {
        policy.forward.is_reserved(name) || policy.certificates.is_forged(name, request.source)
    };
    let names = request.headers.iter().map(|(name, _)| *name).filter(|name| must_not_pass(name));
    // What is not ASCII is no header name (RFC 9110 s5.1), and hosts refuse it.
    let names = names.filter_map(|name| core::str::from_utf8(name).ok());
    let mut found = BTreeSet::new();
    for name in names {
        found.insert(name.to_ascii_lowercase());
    }
    found.into_iter().map(Cow::Owned).collect()
}

/// Adds `authorization` to the names if the policy keeps the token from the upstream.
pub(crate) fn hide_token(forward: &Forward, names: &mut Vec<Cow<'static, str>>) {
    if forward.token == TokenForwarding::Strip {
        names.push(Cow::Borrowed("authorization"));
    }
}

/// The identity headers of an allowed caller.
pub(crate) fn headers(
    forward: &Forward,
    claims: &Claims,
    issuer: &Arc<str>,
    facts: &Facts,
) -> Vec<(Arc<str>, Arc<str>)> {
    let header = |(name, source): &(Arc<str>, Source)| {
        let value = match source {
            Source::Audience => {
                let members: Vec<Cow<'_, str>> =
                    claims.audience().map(|name| encode(name, is_text)).collect();
                members.join(" ").into()
            }
            Source::ClientId => text(&claims.client_id),
            Source::Issuer => text(issuer),
            Source::Route => encode(facts.route.as_deref().unwrap_or_default(), is_text).into(),
            Source::Scope => list(&claims.scope),
            Source::Subject => text(&claims.subject),
            Source::TokenId => text(&claims.token_id),
        };
        // Half a scope list would be another scope list: too long a value is not sent at all.
        (value.len() <= MAXIMUM_VALUE).then(|| (Arc::clone(name), value))
    };
    forward.headers.iter().filter_map(header).collect()
}

/// Visible ASCII as it is, everything else percent-encoded: no value can end the line or begin
/// another header.
fn text(value: &Arc<str>) -> Arc<str> {
    shared(value, is_text)
}

/// Like [`text`], with the spaces between the members of a list.
fn list(value: &Arc<str>) -> Arc<str> {
    shared(value, |byte| is_text(byte) || byte == b' ')
}

/// The same memory, unless something has to be encoded.
fn shared(value: &Arc<str>, stays: impl Fn(u8) -> bool) -> Arc<str> {
    match encode(value, stays) {
        Cow::Borrowed(_) => Arc::clone(value),
        Cow::Owned(encoded) => encoded.into(),
    }
}

fn is_text(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'%'
}

fn encode(value: &str, stays: impl Fn(u8) -> bool) -> Cow<'_, str> {
    if value.bytes().all(&stays) {
        return Cow::Borrowed(value);
    }
    value
        .bytes()
        .fold(String::with_capacity(value.len()), |mut encoded, byte| {
            if stays(byte) {
                encoded.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
            encoded
        })
        .into()
}

/// Bytes of one identity header.
const MAXIMUM_VALUE: usize = 4_096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_each_reserved_header_once() {
        let json =
            br#"{"routes":[{"name":"all","methods":["*"],"path":"/{x...}","mode":"public"}]}"#;
        let policy = Policy::from_json(json).unwrap();
        let headers = ["x-auth-b", "accept", "X-Auth-A", "x_auth_b", "X-AUTH-B", "x-auth-a"]
            .map(|name| (name.as_bytes(), &b""[..]));
        let request = Request { headers: &headers, ..Request::default() };
        assert_eq!(reserved(&policy, &request), ["x-auth-a", "x-auth-b", "x_auth_b"]);
    }

    #[test]
    fn encodes_everything_that_could_leave_its_line() {
        let text = |value: &str| text(&value.into());
        assert_eq!(&*text("billing-sync"), "billing-sync");
        assert_eq!(&*text("a b%\r\nx: \u{e9}"), "a%20b%25%0D%0Ax:%20%C3%A9");
        assert_eq!(&*list(&"a b".into()), "a b");
    }
}
