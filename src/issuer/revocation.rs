//! The way of a revocation from a request to the one owner of the database and back.

use tokio::sync::{mpsc, oneshot};

use crate::store::Revocation;

/// Revocations that may wait for the database; beyond it, requests wait too.
const QUEUE: usize = 256;

/// The revocation is not durable: the caller has to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotRevoked;

/// One revocation and who waits for it.
pub(crate) struct Pending {
    pub(crate) revocation: Revocation,
    pub(crate) done: oneshot::Sender<Result<(), NotRevoked>>,
}

/// Takes revocations from requests.
pub(crate) struct Revoker(mpsc::Sender<Pending>);

impl Revoker {
    pub(crate) fn channel() -> (Self, mpsc::Receiver<Pending>) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        (Self(sender), receiver)
    }

    /// Returns once the revocation is on disk.
    pub(crate) async fn revoke(&self, revocation: Revocation) -> Result<(), NotRevoked> {
        let (done, answer) = oneshot::channel();
        self.0.send(Pending { revocation, done }).await.map_err(|_| NotRevoked)?;
        answer.await.unwrap_or(Err(NotRevoked))
    }
}

/// As many as are written in one transaction.
pub(crate) async fn next_group(receiver: &mut mpsc::Receiver<Pending>) -> Vec<Pending> {
    let mut group = Vec::new();
    if receiver.recv_many(&mut group, QUEUE).await == 0 {
        // Nobody can send any more, which is no reason to spin.
        core::future::pending::<()>().await;
    }
    group
}
