//! Keeps the feeds of one engine up to date: by fetches of its own when it is its turn, by what other
//! engines of the process have fetched when it is theirs.

use crate::fetch::{self, End};
use crate::gate::Gate;
use crate::host::{self, HostError, Level};
use crate::share::{Board, HostMemory, News, Turn, parse_document};
use crate::tell::Update;
use edgelatch_core::{
    FeedId, FeedKind, Fetch, FetchError, FetchOutcome, FetchResponse, Policy, StatusListError,
    Timestamp,
};

/// The feeds of one root context.
#[derive(Debug, Default)]
pub(crate) struct Feeds {
    /// Where they are shared. A feed without a board is fetched by every engine for itself.
    boards: Vec<(FeedId, Board)>,
    /// What each HTTP call under way is for.
    calls: Vec<(u32, Fetch)>,
}

impl Feeds {
    /// The feeds of a policy, of which the engine `me` is one of those who share them.
    pub(crate) fn shared(policy: &Policy, me: u64) -> Self {
        let sources = policy.feed_sources();
        let boards = sources.map(|source| (source.feed, Board::new(HostMemory, me, &source)));
        Self { boards: boards.collect(), calls: Vec::new() }
    }

    /// Takes over what others have fetched, then starts the fetches that are due and whose turn is here.
    /// Only the root context `root` makes calls: those of a request die with it.
    pub(crate) fn tick(&mut self, root: u32, gate: &mut Gate, now: Timestamp) {
        for feed in self.boards.iter().map(|(feed, _)| *feed).collect::<Vec<_>>() {
            self.on_board(feed, (), |board| board.keep_turn(host::steady_milliseconds()));
            if let Some(news) = self.on_board(feed, None, Board::news) {
                self.take_over(feed, &news, gate, now);
            }
        }
        for _ in 0..MAXIMUM_FETCHES {
            let Some(fetch) = gate.poll(now) else { return };
            self.fetch(fetch, root, gate, now);
        }
    }

    /// Takes the response in force, if it is to a call of ours.
    pub(crate) fn finish(&mut self, call: u32, body: usize, gate: &mut Gate, now: Timestamp) {
        let Some(place) = self.calls.iter().position(|(known, _)| *known == call) else { return };
        let (_, fetch) = self.calls.swap_remove(place);
        let end = fetch::finish(gate, &fetch, body, now);
        self.report(fetch.feed, &end, gate, now);
    }

    fn fetch(&mut self, fetch: Fetch, root: u32, gate: &mut Gate, now: Timestamp) {
        let feed = fetch.feed;
        if self.take_turn(&fetch) == Turn::Theirs {
            gate.yield_fetch(feed, now);
            return;
        }
        // Another engine may have ended its turn since this one last listened.
        if let Some(news) = self.on_board(feed, None, Board::news) {
            gate.yield_fetch(feed, now);
            self.take_over(feed, &news, gate, now);
            self.on_board(feed, (), Board::end_turn);
            return;
        }
        // What came before may have left a request in force.
        if let Err(error) = host::act_for(root) {
            host::log(Level::Warning, &format!("a fetch is lost, as {error}"));
        }
        if let Some(call) = fetch::start(&fetch) {
            self.calls.push((call, fetch));
        } else {
            let end = fetch::fail(gate, &fetch, now);
            self.report(feed, &end, gate, now);
        }
    }

    fn take_turn(&mut self, fetch: &Fetch) -> Turn {
        let patience = u64::from(fetch.timeout_seconds).saturating_mul(1_000).saturating_add(GRACE);
        let now = host::steady_milliseconds();
        self.on_board(fetch.feed, Turn::Mine, |board| board.take_turn(patience, now))
    }

    /// Tells the others how a fetch ended.
    fn report(&mut self, feed: FeedId, end: &End, gate: &mut Gate, now: Timestamp) {
        let update = if *end == End::Good { Update::Fetched } else { Update::Failed };
        gate.count_update(feed, update, now);
        self.on_board(feed, (), |board| {
            match (end, gate.publication(feed)) {
                (End::Good, Some(publication)) => board.publish(&publication, now)?,
                (End::Good, None) => {}
                (End::Bad { retry_after }, _) => board.report_failure(retry_after)?,
            }
            board.end_turn()
        });
        if *end == End::Good {
            self.look_again_at_list(feed);
        }
    }

    fn take_over(&mut self, feed: FeedId, news: &News, gate: &mut Gate, now: Timestamp) {
        // Also behind a failure: there may have been a document before it.
        self.adopt(feed, gate, now);
        if let News::Failure { retry_after } = news {
            let headers = [(&b"retry-after"[..], retry_after.as_slice())];
            let response = match retry_after.as_slice() {
                [] => FetchResponse::Failed,
                _ => FetchResponse::Received { status: 503, headers: &headers, body: b"" },
            };
            gate.accept(feed, response, now);
        }
    }

    fn adopt(&mut self, feed: FeedId, gate: &mut Gate, now: Timestamp) {
        let Some(bytes) = self.on_board(feed, None, Board::document) else { return };
        let outcome = match parse_document(&bytes) {
            Some(publication) => gate.adopt(feed, publication, now),
            None => Some(FetchOutcome::Kept(FetchError::Unexpected)),
        };
        match outcome {
            Some(FetchOutcome::Accepted(_) | FetchOutcome::Unchanged) => {
                gate.count_update(feed, Update::Adopted, now);
                self.look_again_at_list(feed);
            }
            // It has come too early, or this engine was faster and has told the others.
            Some(FetchOutcome::Kept(
                FetchError::Rollback | FetchError::StatusList(StatusListError::UnknownKey),
            ))
            | None => {}
            Some(FetchOutcome::Kept(_)) => {
                host::log(Level::Warning, &unusable(&gate.name(feed, now)));
            }
        }
        if let Some(FetchOutcome::Accepted(content)) = outcome {
            let (name, content) = (gate.name(feed, now), fetch::describe(content));
            host::log(Level::Info, &format!("{name}: {content}, as another worker fetched it"));
        }
    }

    /// A list that was signed with a key which was not there may be one that can be read now.
    fn look_again_at_list(&mut self, keys: FeedId) {
        for (feed, board) in &mut self.boards {
            let is_list = keys.kind() == FeedKind::KeySet && feed.kind() == FeedKind::StatusList;
            if is_list && feed.issuer() == keys.issuer() {
                board.look_again();
            }
        }
    }

    /// What `act` brings about on the board of a feed. Where Envoy does not share, nobody does.
    fn on_board<T>(
        &mut self,
        feed: FeedId,
        otherwise: T,
        act: impl FnOnce(&mut Board) -> Result<T, HostError>,
    ) -> T {
        let board = self.boards.iter_mut().find(|(other, _)| *other == feed);
        let Some((_, board)) = board else { return otherwise };
        act(board).unwrap_or_else(|error| {
            let line = format!("every worker fetches for itself from now on, as {error}");
            host::log(Level::Warning, &line);
            self.boards.clear();
            otherwise
        })
    }
}

fn unusable(name: &str) -> String {
    format!(
        "{name}: what stands in shared memory cannot be used, so this worker fetches for itself; \
         look for another filter with the same `vm_id`"
    )
}

/// Fetches started in one tick: more than a policy has feeds.
const MAXIMUM_FETCHES: usize = 256;

/// Milliseconds to wait for another engine beyond the time that its fetch may take.
const GRACE: u64 = 5_000;
