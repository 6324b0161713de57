//! The document that a feed has in force, as it came.

use alloc::string::String;
use alloc::vec::Vec;

use super::Feed;
use crate::fetch::{Publication, entity_tag};

/// Body and entity tag of an accepted answer.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    body: Vec<u8>,
    entity_tag: Option<String>,
}

impl Document {
    pub(crate) fn new(body: &[u8], entity_tag: Option<String>) -> Self {
        Self { body: body.into(), entity_tag }
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn entity_tag(&self) -> Option<&str> {
        self.entity_tag.as_deref()
    }

    /// What other engines may take over.
    pub(crate) fn publication(&self, feed: &Feed) -> Option<Publication<'_>> {
        let received = feed.received()?;
        Some(Publication { body: &self.body, entity_tag: self.entity_tag(), received })
    }

    /// Whether a publication is this document.
    pub(crate) fn is(&self, publication: &Publication<'_>) -> bool {
        self.body == publication.body && self.entity_tag() == publication.entity_tag
    }
}

impl From<Publication<'_>> for Document {
    /// The entity tag comes from memory that others write to: it is checked like one from the wire.
    fn from(publication: Publication<'_>) -> Self {
        let tag = publication.entity_tag.and_then(entity_tag);
        Self::new(publication.body, tag.map(Into::into))
    }
}
