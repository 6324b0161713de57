//! A look at the issuer before the signature is checked, to know whose keys to look in or to fetch.
//! Nothing is decided by it: once the signature is valid, `iss` is compared with the key's issuer.

use alloc::borrow::Cow;

use serde::de::MapAccess;

use crate::json::{self, Members, Scalar, Value};

/// The `iss` that the payload claims; none if the payload is not strict JSON or `iss` is no text.
pub(crate) fn peek_issuer(payload: &[u8]) -> Option<Cow<'_, str>> {
    let mut peek = Peek(None);
    json::read_object(payload, &mut peek).ok()?;
    peek.0
}

struct Peek<'de>(Option<Cow<'de, str>>);

impl<'de> Members<'de> for Peek<'de> {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        if name != "iss" {
            return value.skip();
        }
        if let Scalar::Text(issuer) = value.read()? {
            self.0 = Some(issuer);
        }
        Ok(())
    }
}
