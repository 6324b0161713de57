//! Hosts that recognise tokens by themselves, as JavaScript does.

use super::*;

/// One engine and what its host recognises.
pub(super) struct Host {
    pub(super) engine: Engine,
    /// By the whole value of the header.
    remembered: BTreeMap<String, Remembered>,
    /// None if the engine is asked about every request.
    standing: Option<Standing>,
    /// Requests that were decided without the token's text.
    pub(super) reminders: usize,
    /// Requests that were decided without the engine.
    pub(super) repetitions: usize,
}

/// What was allowed, and still is.
#[derive(Default)]
struct Standing {
    allowed: BTreeMap<String, (Decision, Timestamp)>,
    latest: Timestamp,
    /// When something was last repeated.
    repeated: Timestamp,
}

impl Host {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine, remembered: BTreeMap::new(), standing: None, reminders: 0, repetitions: 0 }
    }

    /// One that asks about a request again only when the answer could be another.
    pub(super) fn resting(engine: Engine) -> Self {
        Self { standing: Some(Standing::default()), ..Self::new(engine) }
    }

    /// An answer to a fetch.
    pub(super) fn accept(
        &mut self,
        feed: FeedId,
        response: FetchResponse<'_>,
        now: Timestamp,
    ) -> FetchOutcome {
        self.notice(now);
        while self.engine.poll(now).is_some() {}
        let outcome = self.engine.accept(feed, response, now);
        if let (Some(standing), FetchOutcome::Accepted(_)) = (&mut self.standing, &outcome) {
            standing.allowed.clear();
        }
        outcome
    }

    /// The decision about a request whose last header line is `value`.
    pub(super) fn decide(
        &mut self,
        value: &str,
        request: &Request<'_>,
        now: Timestamp,
    ) -> (Option<FeedId>, Decision) {
        self.notice(now);
        let (path, source) = (request.path, request.source);
        let name = format!("{value} {path:?} {source:?} {:?}", request.certificate);
        if let Some(standing) = &mut self.standing
            && let Some((decision, _)) = standing.allowed.get(&name).filter(|(_, end)| now < *end)
        {
            standing.repeated = now;
            self.repetitions += 1;
            return (None, decision.clone());
        }
        let bare = Request { headers: &request.headers[..1], ..*request };
        let known = self.remembered.get(value);
        let step = known.and_then(|token| self.engine.begin_remembered(token, &bare, now));
        if let (Some(step), Some(token)) = (step, known) {
            self.reminders += 1;
            let end = end(&mut self.engine, step, now);
            if let (Some(standing), (_, Decision::Allow(Allow { would_deny: None, .. }))) =
                (&mut self.standing, &end)
            {
                let until = self.engine.holds_until(token);
                standing.allowed.insert(name, (end.1.clone(), until));
            }
            return end;
        }
        let step = self.engine.begin(request, now);
        let end = end(&mut self.engine, step, now);
        if let Some(token) =
            value.strip_prefix("Bearer ").and_then(|text| self.engine.remember(text))
        {
            self.remembered.insert(value.to_owned(), token);
        }
        end
    }

    /// A clock that was set back: what was said behind it does not count.
    fn notice(&mut self, now: Timestamp) {
        let Some(standing) = &mut self.standing else { return };
        if now < standing.latest {
            self.engine.saw(standing.repeated);
            standing.allowed.clear();
        }
        standing.latest = now;
    }
}
