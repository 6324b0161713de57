//! Finding the credentials of a request: exactly one set, sent in exactly one way.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64ct::{Base64, Base64Unpadded, Encoding};
use zeroize::Zeroizing;

use super::form::{Form, decode};
use super::refusal::Refusal;
use crate::authenticate::Credentials;

/// Longest client id that is looked up.
const MAX_CLIENT_ID_BYTES: usize = 256;

/// How a client authenticated (RFC 7591 s2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AuthMethod {
    Basic,
    Post,
}

impl AuthMethod {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
        }
    }
}

/// Finds the credentials in header or body.
pub(super) fn find(headers: &HeaderMap, form: &Form) -> Result<(AuthMethod, Credentials), Refusal> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let Some(line) = lines.next() else {
        return from_form(form).map(|credentials| (AuthMethod::Post, credentials));
    };
    // RFC 6749 s2.3: one method per request. Two lines, or header and body, hide which one a
    // proxy in front of us checked.
    // A parameter without a value counts as omitted (s3.2).
    let in_body = has_secret(form) || form.value("client_assertion").is_some();
    if lines.next().is_some() || in_body {
        return Err(Refusal::TwoMethods);
    }
    let credentials = from_basic(line.as_bytes())?;
    match form.value("client_id") {
        Some(client_id) if client_id != credentials.client_id => Err(Refusal::IdentityMismatch),
        _ => Ok((AuthMethod::Basic, credentials)),
    }
}

/// For the audit: who asks and how, as far as a request tells that is refused for its form.
pub(super) fn claim(headers: &HeaderMap, form: &Form) -> (Option<AuthMethod>, Option<String>) {
    let line = headers.get(AUTHORIZATION);
    let method = match (line, has_secret(form)) {
        (Some(_), false) => Some(AuthMethod::Basic),
        (None, true) => Some(AuthMethod::Post),
        _ => None,
    };
    let basic = line.and_then(|line| from_basic(line.as_bytes()).ok());
    let client_id = basic.map(|credentials| credentials.client_id);
    (method, client_id.or_else(|| form.value("client_id").map(str::to_owned)))
}

fn has_secret(form: &Form) -> bool {
    form.value("client_secret").is_some()
}

fn from_form(form: &Form) -> Result<Credentials, Refusal> {
    if ["client_assertion", "client_assertion_type"].into_iter().any(|name| form.has(name)) {
        let two = has_secret(form);
        return Err(if two { Refusal::TwoMethods } else { Refusal::CredentialsUnsupported });
    }
    let client_id = form.value("client_id").ok_or(Refusal::CredentialsMissing)?;
    let secret = form.value("client_secret").ok_or(Refusal::CredentialsMissing)?;
    credentials(client_id, secret)
}

/// RFC 7617 s2, with both halves form-encoded first (RFC 6749 s2.3.1). Our ids and secrets read
/// the same with and without that encoding.
fn from_basic(line: &[u8]) -> Result<Credentials, Refusal> {
    let (scheme, encoded) = line.split_at_checked(6).ok_or(Refusal::CredentialsUnsupported)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return Err(Refusal::CredentialsUnsupported);
    }
    let malformed = Refusal::CredentialsMalformed;
    let text = core::str::from_utf8(encoded).map_err(|_| malformed)?.trim_matches(' ');
    let decoded = Base64::decode_vec(text).or_else(|_| Base64Unpadded::decode_vec(text));
    let decoded = Zeroizing::new(decoded.map_err(|_| malformed)?);
    let colon = decoded.iter().position(|byte| *byte == b':').ok_or(malformed)?;
    let (client_id, secret) = decoded.split_at_checked(colon).ok_or(malformed)?;
    let client_id = decode(client_id).ok_or(malformed)?;
    let secret = decode(secret.get(1..).unwrap_or_default()).ok_or(malformed)?;
    credentials(&client_id, &secret)
}

fn credentials(client_id: &str, secret: &str) -> Result<Credentials, Refusal> {
    if client_id.is_empty() || client_id.len() > MAX_CLIENT_ID_BYTES {
        return Err(Refusal::CredentialsMalformed);
    }
    let secret = Zeroizing::new(secret.as_bytes().to_vec());
    Ok(Credentials { client_id: client_id.to_owned(), secret })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn check(lines: &[&[u8]], body: &str, expected: Result<(AuthMethod, &str, &[u8]), Refusal>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(line).unwrap());
        }
        let found = find(&headers, &Form::parse(body.as_bytes()).unwrap());
        let found = found.as_ref().map(|(method, credentials)| {
            (*method, credentials.client_id.as_str(), credentials.secret.as_slice())
        });
        assert_eq!(found.map_err(|refusal| *refusal), expected, "{lines:?} {body}");
    }

    fn basic(pair: &[u8]) -> Vec<u8> {
        format!("Basic {}", Base64::encode_string(pair)).into_bytes()
    }

    #[test]
    fn finds_basic_credentials() {
        check(&[&basic(b"a:b")], "", Ok((AuthMethod::Basic, "a", b"b")));
        check(&[&basic(b"a%2Bb:c%3Ad")], "", Ok((AuthMethod::Basic, "a+b", b"c:d")));
        check(&[&basic(b"a:b:c")], "client_id=a", Ok((AuthMethod::Basic, "a", b"b:c")));
        check(&[b"bAsIc YTpi"], "", Ok((AuthMethod::Basic, "a", b"b")));
    }

    #[test]
    fn takes_an_empty_secret_in_the_body_for_none() {
        check(&[&basic(b"a:b")], "client_secret=", Ok((AuthMethod::Basic, "a", b"b")));
    }

    #[test]
    fn tells_the_audit_what_a_refused_request_claims() {
        let claimed = |line: Option<&[u8]>, body: &str| {
            let line = line.map(|line| (AUTHORIZATION, HeaderValue::from_bytes(line).unwrap()));
            claim(&HeaderMap::from_iter(line), &Form::parse(body.as_bytes()).unwrap())
        };
        let a = || Some("a".to_owned());
        assert_eq!(claimed(None, "client_id=a"), (None, a()));
        assert_eq!(claimed(Some(&basic(b"a:b")), "client_secret=b"), (None, a()));
        assert_eq!(claimed(Some(&basic(b"a:b")), "client_id=c"), (Some(AuthMethod::Basic), a()));
        assert_eq!(claimed(None, "client_secret=b"), (Some(AuthMethod::Post), None));
    }

    #[test]
    fn finds_credentials_in_the_body() {
        check(&[], "client_id=a&client_secret=b", Ok((AuthMethod::Post, "a", b"b")));
    }

    #[test]
    fn refuses_two_methods_at_once() {
        check(&[&basic(b"a:b")], "client_id=a&client_secret=b", Err(Refusal::TwoMethods));
        check(&[&basic(b"a:b"), &basic(b"a:b")], "", Err(Refusal::TwoMethods));
        check(&[&basic(b"a:b")], "client_assertion=x", Err(Refusal::TwoMethods));
        check(&[], "client_id=a&client_secret=b&client_assertion=x", Err(Refusal::TwoMethods));
        check(&[&basic(b"a:b")], "client_id=c", Err(Refusal::IdentityMismatch));
    }

    #[test]
    fn refuses_malformed_basic_credentials() {
        for pair in [&b"nocolon"[..], b":b", b"%zz:b", b"a:%zz", b"a:\xFF", b"\xFF:b"] {
            check(&[&basic(pair)], "", Err(Refusal::CredentialsMalformed));
        }
        for line in [&b"Basic !!!"[..], b"Basic YTpi,YTpi", b"Basic YTp"] {
            check(&[line], "", Err(Refusal::CredentialsMalformed));
        }
        check(&[&basic(&[b'a'; 300])], "", Err(Refusal::CredentialsMalformed));
    }

    #[test]
    fn refuses_other_schemes_and_nothing_at_all() {
        check(&[b"Bearer abc"], "", Err(Refusal::CredentialsUnsupported));
        check(&[b"Basic"], "", Err(Refusal::CredentialsUnsupported));
        check(&[], "client_assertion=x", Err(Refusal::CredentialsUnsupported));
        check(&[], "", Err(Refusal::CredentialsMissing));
        check(&[], "client_id=a", Err(Refusal::CredentialsMissing));
        check(&[], "client_secret=b", Err(Refusal::CredentialsMissing));
    }
}
