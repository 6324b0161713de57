//! The scopes of a token.

use alloc::string::String;
use alloc::sync::Arc;

use super::ClaimError;
use crate::json::Scalar;

/// The claims that may hold scopes, as they came.
pub(super) type RawScope<'de> = [Option<Scalar<'de>>; 2];

/// One text of all scope tokens, with one space between them; empty if there are none.
pub(super) fn read(claims: RawScope<'_>, may_be_list: bool) -> Result<Arc<str>, ClaimError> {
    let [first, second] = claims;
    let first = read_one(first, may_be_list)?;
    let Some(second) = second else { return Ok(first) };
    let second = read_one(Some(second), may_be_list)?;
    Ok(match (first.is_empty(), second.is_empty()) {
        (_, true) => first,
        (true, false) => second,
        (false, false) => [&*first, " ", &*second].concat().into(),
    })
}

/// RFC 6749 s3.3: scope tokens of printable characters, one space between them.
fn read_one(claim: Option<Scalar<'_>>, may_be_list: bool) -> Result<Arc<str>, ClaimError> {
    let text = match claim {
        None => return Ok(Arc::from("")),
        Some(Scalar::Text(text)) => text,
        Some(Scalar::Texts(texts)) if may_be_list => {
            // A space inside a member would make two scopes of one.
            if !texts.iter().all(|text| is_scope_token(text)) {
                return Err(ClaimError::Scope);
            }
            let mut joined = String::new();
            for text in &texts {
                if !joined.is_empty() {
                    joined.push(' ');
                }
                joined.push_str(text);
            }
            return Ok(joined.into());
        }
        Some(_) => return Err(ClaimError::Scope),
    };
    let well_formed = text.is_empty() || text.split(' ').all(is_scope_token);
    if well_formed { Ok(text.into()) } else { Err(ClaimError::Scope) }
}

/// Whether the text is one `scope-token` (RFC 6749 s3.3).
pub(crate) fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}
