//! Writes lines in groups: whoever waits for its line is answered once it is written.

use std::io::Write;
use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::health::{Health, PATIENCE};
use super::lines::Lines;
use super::{Attempt, AuditError};

/// Lines that may wait for the writer; beyond it, requests wait too.
const QUEUE: usize = 1024;

struct Entry {
    line: Vec<u8>,
    written: oneshot::Sender<Result<(), AuditError>>,
}

/// The way to the audit. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Audit {
    sender: mpsc::Sender<Entry>,
    health: Arc<Health>,
}

impl Audit {
    /// Starts the writer. It ends when the last handle is dropped.
    ///
    /// A thread of its own: a reader that is slow must not stop the threads that serve.
    pub(crate) fn start(output: impl Write + Send + 'static) -> Result<Self, AuditError> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let health = Arc::new(Health::default());
        let own = Arc::clone(&health);
        thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || write_all(receiver, Lines::new(output), &own))
            .map_err(|_| AuditError)?;
        Ok(Self { sender, health })
    }

    /// Writes the attempt and returns once it is out of our hands, or soon with an error if nobody
    /// takes it. The line may still be written later: better one grant too many than one too few.
    pub(crate) async fn record(&self, attempt: &Attempt) -> Result<(), AuditError> {
        self.put(attempt.to_line()?).await
    }

    /// Whether lines can be written. After a failure this tries again, with an empty entry: without
    /// callers, whom a balancer may keep away for this very reason, nothing else would.
    pub(crate) async fn is_writable(&self) -> bool {
        !self.health.is_stuck() && (!self.health.is_failing() || self.put(Vec::new()).await.is_ok())
    }

    async fn put(&self, line: Vec<u8>) -> Result<(), AuditError> {
        // At once: those who wait hold memory, and whoever waits longer than a client does is
        // waiting for nothing.
        if self.health.is_stuck() {
            self.health.complain();
            return Err(AuditError);
        }
        let outcome = timeout(PATIENCE, self.send(line)).await.unwrap_or(Err(AuditError));
        if outcome.is_err() {
            self.health.complain();
        }
        outcome
    }

    async fn send(&self, line: Vec<u8>) -> Result<(), AuditError> {
        let (written, answer) = oneshot::channel();
        self.sender.send(Entry { line, written }).await.map_err(|_| AuditError)?;
        answer.await.unwrap_or(Err(AuditError))
    }
}

fn write_all(mut receiver: mpsc::Receiver<Entry>, mut output: Lines<impl Write>, health: &Health) {
    let mut group = Vec::new();
    // One write for all that wait: under load the cost per request falls.
    while receiver.blocking_recv_many(&mut group, QUEUE) > 0 {
        let lines: Vec<u8> = group.iter().flat_map(|entry| entry.line.iter().copied()).collect();
        health.begin();
        let result = output.write(&lines).map_err(|_| AuditError);
        health.end(result);
        for entry in group.drain(..) {
            // A caller that has gone away needs no answer.
            let _ = entry.written.send(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::io;
    use std::net::Ipv4Addr;

    use tokio::time::sleep;

    use super::*;
    use crate::audit::Event;

    struct Broken;

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn says_when_a_line_could_not_be_written() {
        let audit = Audit::start(Broken).unwrap();
        let attempt = Attempt::begin(Event::TokenRequest, Ipv4Addr::LOCALHOST.into());
        assert_eq!(audit.record(&attempt).await, Err(AuditError));
    }

    /// A pipe that is full and that nobody reads.
    struct Stuck(std::sync::mpsc::Receiver<()>);

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The writer begins to write, and to count, a moment after its caller began to wait.
    async fn has_become_stuck(audit: &Audit) {
        while audit.is_writable().await {
            sleep(Duration::from_millis(1)).await;
        }
    }

    #[tokio::test]
    async fn gives_up_on_a_reader_that_does_not_read_and_recovers_with_it() {
        let (release, stuck) = std::sync::mpsc::channel();
        let audit = Audit::start(Stuck(stuck)).unwrap();
        let attempt = Attempt::begin(Event::TokenRequest, Ipv4Addr::LOCALHOST.into());
        assert_eq!(audit.record(&attempt).await, Err(AuditError));
        timeout(Duration::from_mins(1), has_become_stuck(&audit)).await.unwrap();
        drop(release);
        while !audit.is_writable().await {
            sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(audit.record(&attempt).await, Ok(()));
    }
}
