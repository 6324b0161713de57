//! Headers that were read before: all tokens that a key signs have the same one.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::sync::Arc;

use super::header::{self, Header};
use super::{TokenError, decode};
use crate::cache::is_same;

/// The last few headers that differ, by their text. What a header says depends on nothing but its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers {
    known: VecDeque<(Box<str>, Arc<Header>)>,
}

impl Headers {
    /// The header of a segment.
    pub(super) fn read(&mut self, segment: &str) -> Result<Arc<Header>, TokenError> {
        let known = self.known.iter().find(|(text, _)| is_same(text, segment));
        if let Some((_, header)) = known {
            return Ok(Arc::clone(header));
        }
        let header = Arc::new(header::parse(&decode(segment)?)?);
        if segment.len() <= MAXIMUM_SEGMENT {
            if self.known.len() >= KEPT {
                self.known.pop_front();
            }
            self.known.push_back((segment.into(), Arc::clone(&header)));
        }
        Ok(header)
    }
}

/// Keys in use at the same time. Whoever makes up more headers pays for reading each, as without this.
const KEPT: usize = 4;

/// Characters of a header that is kept.
const MAXIMUM_SEGMENT: usize = 512;

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;
    use crate::base64;

    fn segment(key_id: usize) -> String {
        base64::encode(format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{key_id}"}}"#).as_bytes())
    }

    #[test]
    fn reads_a_header_once_and_keeps_few() {
        let mut headers = Headers::default();
        let first = headers.read(&segment(0)).unwrap();
        (1..KEPT).for_each(|key_id| drop(headers.read(&segment(key_id))));
        assert!(Arc::ptr_eq(&first, &headers.read(&segment(0)).unwrap()));
        for key_id in KEPT..100 {
            let header = headers.read(&segment(key_id)).unwrap();
            assert_eq!(header.key_id.as_deref(), Some(&*key_id.to_string()));
            assert!(headers.known.len() <= KEPT);
        }
        assert!(!Arc::ptr_eq(&first, &headers.read(&segment(0)).unwrap()));
        assert_eq!(first, headers.read(&segment(0)).unwrap());
    }

    #[test]
    fn keeps_neither_what_is_wrong_nor_what_is_long() {
        let mut headers = Headers::default();
        let long = format!(r#"{{"alg":"ES256","x":"{}"}}"#, "x".repeat(MAXIMUM_SEGMENT));
        assert!(headers.read(&base64::encode(long.as_bytes())).is_ok());
        assert_eq!(headers.read("e30"), Err(TokenError::Header));
        assert_eq!(headers.read("e3"), Err(TokenError::Base64));
        assert!(headers.known.is_empty());
    }
}
