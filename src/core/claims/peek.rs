//! A look at the issuer before the signature is checked, to know whose keys to look in or to fetch.
//! Nothing is decided by it: once the signature is valid, `iss` is compared with the key's issuer.

use alloc::borrow::Cow;

use crate::json::{self, Value};

/// The `iss` that the payload claims; none if the payload is not strict JSON or `iss` is no text.
pub(crate) fn peek_issuer(payload: &[u8]) -> Option<Cow<'_, str>> {
    match json::parse(payload).ok()?.into_member("iss")? {
        Value::Text(issuer) => Some(issuer),
        _ => None,
    }
}
