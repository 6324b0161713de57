//! Follows the database: swaps the snapshot when it changed, writes back when secrets were used.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Snapshot;
use crate::clock;
use crate::issuer::Issuer;
use crate::master_key::MasterKey;
use crate::report::{Reminder, warn};
use crate::revocation::{NotRevoked, Pending, next_group};
use crate::store::{Revocation, Store, StoreError};

/// How often to look. Each look asks SQLite for one number of the write-ahead log, which it keeps in
/// shared memory: this is most of the delay between `client disable` and the edges.
const POLL: Duration = Duration::from_millis(25);

/// How long to leave a database alone that could not be read.
const RECOVER: Duration = Duration::from_millis(250);

/// How often the last uses of secrets are written, in one transaction.
const WRITE_BACK: Duration = Duration::from_secs(10);

/// How often to repeat that something is wrong.
const REMIND: Duration = Duration::from_mins(1);

/// The one owner of the database connection of a running issuer. It writes through the same
/// connection that it polls with, so its own writes do not look like changes.
pub(crate) struct Watcher {
    store: Store,
    master_key: MasterKey,
    issuer: Arc<Issuer>,
    revocations: mpsc::Receiver<Pending>,
    seen: i64,
    failed: Option<Instant>,
    reading: Reminder,
    writing: Reminder,
    written: Instant,
}

impl Watcher {
    pub(crate) async fn new(
        mut store: Store,
        master_key: MasterKey,
        issuer: Arc<Issuer>,
        revocations: mpsc::Receiver<Pending>,
    ) -> Result<Self, StoreError> {
        // Somebody else who writes must not stop us from looking.
        store.be_impatient().await?;
        let (reading, writing) = (Reminder::new(REMIND), Reminder::new(REMIND));
        // 0 is never a data version, so the first poll reads once more: nothing that changed
        // between the first reading and now is missed.
        Ok(Self {
            store,
            master_key,
            issuer,
            revocations,
            seen: 0,
            failed: None,
            reading,
            writing,
            written: Instant::now(),
        })
    }

    /// Runs until it is dropped or `stop` is ready; then writes back once more.
    pub(crate) async fn run(mut self, stop: impl Future<Output = ()>) {
        let mut ticks = interval(POLL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                group = next_group(&mut self.revocations) => self.revoke(group).await,
                _ = ticks.tick() => self.turn().await,
            }
        }
        self.write_back().await;
        if let Err(error) = self.store.close().await {
            warn(&error);
        }
    }

    async fn turn(&mut self) {
        if self.failed.is_none_or(|failed| failed.elapsed() >= RECOVER) {
            self.look().await;
        }
        self.publish();
        if self.written.elapsed() >= WRITE_BACK {
            self.write_back().await;
        }
    }

    /// Whether the snapshot is what the database says.
    async fn look(&mut self) -> bool {
        match self.follow().await {
            Ok(()) => {
                self.failed = None;
                self.issuer.freshness.confirm();
            }
            // The issuer answers from its last snapshot for a while; not said many times a second.
            Err(error) => {
                self.failed = Some(Instant::now());
                self.reading.warn(&error);
            }
        }
        self.failed.is_none()
    }

    /// After every look: for a change, another key, or a list that grows old.
    fn publish(&mut self) {
        if let Err(error) = self.issuer.publish_status(clock::now()) {
            self.reading.warn(&error);
        }
    }

    /// Writes, publishes, answers: whoever hears 200 need not wait for the edges to be told.
    async fn revoke(&mut self, group: Vec<Pending>) {
        let (revocations, callers): (Vec<_>, Vec<_>) =
            group.into_iter().map(|pending| (pending.revocation, pending.done)).unzip();
        let outcome = self.write(&revocations).await;
        for caller in callers {
            // One that has gone away needs no answer.
            let _ = caller.send(outcome);
        }
    }

    async fn write(&mut self, revocations: &[Revocation]) -> Result<(), NotRevoked> {
        // Not into a database that is not the one that edges are told of.
        if !self.look().await {
            return Err(NotRevoked);
        }
        let now = clock::now_milliseconds();
        if let Err(error) = self.store.revoke_tokens(revocations, now).await {
            self.writing.warn(&error);
            return Err(NotRevoked);
        }
        // Our own writes do not change the data version.
        self.seen = 0;
        self.look().await;
        self.publish();
        Ok(())
    }

    async fn follow(&mut self) -> Result<(), StoreError> {
        if !self.store.is_current() {
            self.reopen().await?;
        }
        let version = self.store.data_version().await?;
        if version == self.seen {
            return Ok(());
        }
        let contents = self.store.contents().await?;
        let earlier = self.issuer.snapshot();
        self.check_forward(contents.status.sequence, earlier.status().sequence())?;
        let sealer = self.master_key.sealer();
        let (snapshot, unusable) = Snapshot::build(contents, &sealer, Some(&earlier));
        unusable.iter().for_each(warn);
        self.issuer.replace_snapshot(snapshot);
        self.seen = version;
        Ok(())
    }

    /// An old backup would bring back what was taken away since, and edges, which refuse a list
    /// that goes backwards, would in the end refuse everybody.
    fn check_forward(&self, found: u64, published: u64) -> Result<(), StoreError> {
        if found >= published {
            return Ok(());
        }
        Err(StoreError::RolledBack { file: self.store.file().to_owned(), found, published })
    }

    /// Another file has taken the place of the database, as when a backup is restored. Until now
    /// we looked at one that nobody can change any more; the new one passes the same checks as at
    /// start. One of an older release has to wait for that.
    async fn reopen(&mut self) -> Result<(), StoreError> {
        let mut store = Store::open(self.store.file(), &self.master_key).await?;
        store.be_impatient().await?;
        store.check_current().await?;
        self.store = store;
        self.seen = 0;
        Ok(())
    }

    async fn write_back(&mut self) {
        self.written = Instant::now();
        let uses = self.issuer.take_uses();
        if uses.is_empty() {
            return;
        }
        if let Err(error) = self.store.note_use(&uses).await {
            self.writing.warn(&error);
            self.issuer.return_uses(uses);
        }
    }
}
