//! Where a status list speaks of a token (draft-ietf-oauth-status-list s6.2).

use alloc::borrow::Cow;

use serde::de::MapAccess;

use crate::json::{Members, Scalar, Value};

/// The place of a token in the status list of its issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusReference {
    /// The token names no status at all: only its own name can be on the list.
    None,
    /// This entry of the list that the policy names.
    Index(u64),
    /// Another list or mechanism, or nothing that makes sense: nobody here can tell the status.
    Foreign,
}

/// The claim `status` as it came.
#[derive(Default)]
pub(super) struct RawStatus<'de> {
    list: RawReference<'de>,
}

#[derive(Default)]
struct RawReference<'de> {
    index: Option<Scalar<'de>>,
    uri: Option<Scalar<'de>>,
}

impl RawStatus<'_> {
    /// The place in the list called `name`.
    pub(super) fn finish(self, name: &str) -> StatusReference {
        match (self.list.index, self.list.uri) {
            (Some(Scalar::Whole(index)), Some(Scalar::Text(uri))) if uri == Cow::Borrowed(name) => {
                StatusReference::Index(index)
            }
            _ => StatusReference::Foreign,
        }
    }
}

impl<'de> Members<'de> for RawStatus<'de> {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "status_list" => value.read_object(&mut self.list),
            _ => value.skip(),
        }
    }
}

impl<'de> Members<'de> for RawReference<'de> {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "idx" => self.index = Some(value.read()?),
            "uri" => self.uri = Some(value.read()?),
            _ => value.skip()?,
        }
        Ok(())
    }
}
