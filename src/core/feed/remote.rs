//! A document behind a URL: its feed, and what of it is in force.

use super::{Document, Feed, FeedRules, News};
use crate::fetch::{CacheHeaders, FetchError, FetchResponse, Publication};
use crate::time::Timestamp;

/// One fetched document and its feed. What the document means is known to whoever owns it.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    feed: Feed,
    document: Option<Document>,
}

impl Remote {
    pub(crate) fn new(rules: FeedRules) -> Self {
        Self { feed: Feed::new(rules), document: None }
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.feed
    }

    pub(crate) fn feed_mut(&mut self) -> &mut Feed {
        &mut self.feed
    }

    /// The first second in which what is in force may not be used any more; none if nothing came yet.
    pub(crate) fn usable_until(&self) -> Option<Timestamp> {
        self.feed.usable_until()
    }

    /// `ETag` of the document in force.
    pub(crate) fn entity_tag(&self) -> Option<&str> {
        self.document.as_ref()?.entity_tag()
    }

    /// What other engines may take over.
    pub(crate) fn publication(&self) -> Option<Publication<'_>> {
        self.document.as_ref()?.publication(&self.feed)
    }

    /// Judges an answer. What `load` makes of a new document comes back; none if the document in force was
    /// confirmed. A bad answer changes nothing but the time of the next fetch.
    pub(crate) fn accept<T>(
        &mut self,
        response: FetchResponse<'_>,
        now: Timestamp,
        load: impl FnOnce(&[u8]) -> Result<T, FetchError>,
    ) -> Result<Option<T>, FetchError> {
        let headers = CacheHeaders::of(&response);
        let fresh = headers.fresh_seconds;
        let (error, retry) = match response {
            FetchResponse::Received { status: 304, .. } if self.document.is_some() => {
                self.feed.succeeded(News::Same, fresh, now);
                return Ok(None);
            }
            FetchResponse::Received { status: 200, body, .. } => match load(body) {
                Ok(loaded) => {
                    let is_same = self.document.as_ref().is_some_and(|known| known.body() == body);
                    let news = if is_same { News::Same } else { News::Changed };
                    self.document = Some(Document::new(body, headers.entity_tag));
                    self.feed.succeeded(news, fresh, now);
                    return Ok(Some(loaded));
                }
                Err(error) => (error, None),
            },
            FetchResponse::Received { status, .. } => {
                (FetchError::Status(status), headers.retry_after_seconds)
            }
            FetchResponse::Failed => (FetchError::Failed, None),
        };
        self.feed.failed(retry, now);
        Err(error)
    }

    /// Takes over what another engine fetched, if it is no older than what is in force here.
    pub(crate) fn adopt<T>(
        &mut self,
        publication: Publication<'_>,
        now: Timestamp,
        load: impl FnOnce(&[u8]) -> Result<T, FetchError>,
    ) -> Result<Option<T>, FetchError> {
        if self.feed.received().is_some_and(|received| publication.received < received) {
            return Err(FetchError::Rollback);
        }
        if self.document.as_ref().is_some_and(|document| document.is(&publication)) {
            self.feed.adopted(publication.received, now);
            return Ok(None);
        }
        let loaded = load(publication.body)?;
        self.document = Some(Document::from(publication));
        self.feed.adopted(publication.received, now);
        Ok(Some(loaded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix_seconds(1_900_000_000 + seconds)
    }

    /// Accepts a document at once.
    fn receive(remote: &mut Remote, body: &[u8]) {
        assert!(remote.feed_mut().start_fetch(at(0)));
        let response = FetchResponse::Received { status: 200, headers: &[], body };
        assert_eq!(remote.accept(response, at(0), |_| Ok(())), Ok(Some(())));
    }

    #[test]
    fn the_same_document_once_more_is_no_news() {
        for (second, pause) in [(&b"one"[..], 5), (b"two", 0)] {
            let mut remote = Remote::new(FeedRules {
                refresh_seconds: 5,
                jitter_seconds: 0,
                cooldown_seconds: 1,
                maximum_stale_seconds: 300,
                wait_seconds: 25,
            });
            receive(&mut remote, b"one");
            receive(&mut remote, second);
            let next = (0..60).find(|pause| remote.feed_mut().start_fetch(at(*pause)));
            assert_eq!(next, Some(pause), "{second:?}");
        }
    }
}
