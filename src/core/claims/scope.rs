//! The scopes of a token.

use alloc::string::String;
use alloc::sync::Arc;

use super::ClaimError;
use super::profile::Names;
use crate::json::{Object, Value};

/// One text of all scope tokens, with one space between them; empty if there are none. Every claim
/// that may hold scopes counts.
pub(super) fn read(names: &Names, claims: &Object<'_>) -> Result<Arc<str>, ClaimError> {
    let mut claimed = names.scope.iter().filter_map(|name| claims.get(name));
    let (first, second) = (claimed.next(), claimed.next());
    // Most tokens have one text.
    if let (Some(Value::Text(text)), None) = (first, second)
        && is_list(text)
    {
        return Ok((&**text).into());
    }
    let mut scope = String::new();
    for claim in first.into_iter().chain(second).chain(claimed) {
        add(&mut scope, claim, names.scope_may_be_list)?;
    }
    Ok(scope.into())
}

/// RFC 6749 s3.3: scope tokens of printable characters, one space between them.
fn add(scope: &mut String, claim: &Value<'_>, may_be_list: bool) -> Result<(), ClaimError> {
    match claim {
        Value::Text(text) if text.is_empty() => {}
        Value::Text(text) if is_list(text) => append(scope, text),
        Value::List(elements) if may_be_list => {
            for element in elements {
                // A space inside a member would make two scopes of one.
                let token = element.text().filter(|text| is_scope_token(text));
                append(scope, token.ok_or(ClaimError::Scope)?);
            }
        }
        _ => return Err(ClaimError::Scope),
    }
    Ok(())
}

fn append(scope: &mut String, tokens: &str) {
    if !scope.is_empty() {
        scope.push(' ');
    }
    scope.push_str(tokens);
}

/// Whether the text is one or more scope tokens, with one space between them.
fn is_list(text: &str) -> bool {
    text.as_bytes().split(|byte| *byte == b' ').all(is_token)
}

/// Whether the text is one `scope-token` (RFC 6749 s3.3).
pub(crate) fn is_scope_token(text: &str) -> bool {
    is_token(text.as_bytes())
}

fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}
