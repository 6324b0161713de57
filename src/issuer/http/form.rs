//! A form body (RFC 6749 appendix B), read strictly.

use zeroize::{Zeroize, Zeroizing};

/// Most parameters that are looked at.
const MAX_PARAMETERS: usize = 64;

/// Why a body is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormError {
    /// A bad percent escape, or not UTF-8.
    Malformed,
    /// A parameter twice (RFC 6749 s3.2); only `resource` may repeat (RFC 8707 s2).
    Repeated,
    TooMany,
}

/// Decoded parameters; wiped when dropped, since one of them is a secret.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    pub(super) fn parse(body: &[u8]) -> Result<Self, FormError> {
        let mut form = Self::default();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if form.0.len() == MAX_PARAMETERS {
                return Err(FormError::TooMany);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default()).ok_or(FormError::Malformed)?;
            let value = decode(halves.next().unwrap_or_default()).ok_or(FormError::Malformed)?;
            if name.as_str() != "resource" && form.has(&name) {
                return Err(FormError::Repeated);
            }
            form.0.push((name.to_string(), value));
        }
        Ok(form)
    }

    /// Whether the parameter was sent at all, even without a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(sent, _)| sent == name)
    }

    /// The value; a parameter without one counts as omitted (RFC 6749 s3.2).
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(sent, _)| sent == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// All values of a parameter that may repeat.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(sent, _)| sent == name);
        named.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Decodes `+` and `%XX`; `None` for a broken escape or for what is not UTF-8.
pub(super) fn decode(encoded: &[u8]) -> Option<Zeroizing<String>> {
    let mut decoded = Zeroizing::new(Vec::with_capacity(encoded.len()));
    let mut bytes = encoded.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => hex(*bytes.next()?)? * 16 + hex(*bytes.next()?)?,
            other => *other,
        });
    }
    match String::from_utf8(core::mem::take(&mut *decoded)) {
        Ok(text) => Some(Zeroizing::new(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            None
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, name: &str, expected: Option<&str>) {
        assert_eq!(Form::parse(body.as_bytes()).unwrap().value(name), expected, "{body}");
    }

    #[test]
    fn decodes_names_and_values() {
        check("a=b+c%2Bd&e=%C3%A4", "a", Some("b c+d"));
        check("a=b&%65=%C3%A4", "e", Some("ä"));
        check("a=b=c", "a", Some("b=c"));
    }

    #[test]
    fn takes_a_parameter_without_value_for_omitted() {
        check("a=&b", "a", None);
        check("a=&b", "b", None);
        assert!(Form::parse(b"a=").unwrap().has("a"));
    }

    #[test]
    fn refuses_repeated_parameters() {
        for body in ["a=1&a=1", "a=1&%61=2", "a=&a=", "scope=a&scope="] {
            assert_eq!(Form::parse(body.as_bytes()).unwrap_err(), FormError::Repeated, "{body}");
        }
    }

    #[test]
    fn accepts_repeated_resources() {
        let form = Form::parse(b"resource=a&resource=b").unwrap();
        assert_eq!(form.all("resource").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn refuses_broken_escapes_and_text_that_is_not_utf8() {
        for body in [&b"a=%"[..], b"a=%z", b"a=%zz", b"a=%+1", b"a=\xFF", b"a=%FF"] {
            assert_eq!(Form::parse(body).unwrap_err(), FormError::Malformed);
        }
    }

    #[test]
    fn refuses_more_parameters_than_anyone_needs() {
        let body = (0..65).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
        assert_eq!(Form::parse(body.as_bytes()).unwrap_err(), FormError::TooMany);
    }
}
